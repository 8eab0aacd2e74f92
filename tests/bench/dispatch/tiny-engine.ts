import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import type { StartedServer } from '../../support/start-server.ts'
import type { Measure } from '../engine.ts'
import { enrol } from './enrol.ts'
import type { Askers } from './side-by-side.ts'

const words = ['bako', 'dero', 'fimu', 'golu', 'hane', 'jupi', 'kelo', 'moti']
const bodies = words.map((word) => ({
  messages: [{ role: 'user', content: `Repeat this text: ${Array(8).fill(word).join(' ')}` }],
  temperature: 0,
  max_tokens: 48,
}))

/** The engine that ships, with the demo model: asked directly, and the same process through the server. */
export const benchTiny = async (
  server: StartedServer,
  askers: Askers,
  models: string,
  seconds: number,
): Promise<Measure[]> => {
  const worker = createLocalWorker({ models, log: () => undefined })
  let leave: (() => void) | undefined
  try {
    const { url, token } = await worker.endpoint('local:tiny', AbortSignal.timeout(60_000))
    leave = await enrol(server, { url, token, model: 'tiny' })
    const direct = { url, model: 'tiny', ...(token !== undefined && { token }) }
    const through = { url: `${server.url}/v1`, token: server.adminToken, model: 'local:tiny' }
    const measures: Measure[] = []
    for (const clients of [1, 8]) {
      const [bare, whole] = await askers.compare([direct, through], { bodies, clients, seconds })
      if (!bare || !whole) throw new Error('The bench compared nothing.')
      const of = (what: string) => `${clients} ${clients === 1 ? 'client' : 'clients'}, ${what}`
      measures.push(
        { what: of('tokens'), value: whole.tokens, unit: 'tokens/s', bound: bare.tokens },
        { what: of('first token, p50'), value: whole.first, unit: 'ms', bound: bare.first },
      )
    }
    return measures
  } finally {
    leave?.()
    await worker.stop()
  }
}
