import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { ClockSettings, ClockTold } from './clock-engine.ts'

/** Starts an engine with a token clock. `told` gives what its cache did since it was asked last. */
export const startClockEngine = async (settings: ClockSettings) => {
  const child = fork(join(import.meta.dirname, 'clock-engine.ts'), [JSON.stringify(settings)])
  const [port] = (await once(child, 'message')) as [number]
  return {
    url: `http://127.0.0.1:${port}/v1`,
    told: async () => {
      child.send('tell')
      const [told] = (await once(child, 'message')) as [ClockTold]
      return told
    },
    stop: () => void child.kill(),
  }
}
export type ClockEngine = Awaited<ReturnType<typeof startClockEngine>>
