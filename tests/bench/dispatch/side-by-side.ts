import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Asked, Place } from './ask.ts'
import type { Load, Told } from './askers.ts'

export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0

/** Of many answers: medians in ms, and rates. */
export type Figures = { first: number; total: number; answers: number; tokens: number }

export type Askers = {
  /** The same load on all places in turn, in short slices, so that what else the machine does hits all alike. */
  compare: (places: readonly Place[], load: Omit<Load, 'place'>) => Promise<Figures[]>
  stop: () => void
}

const slices = 4

/** Starts the load generator for models. */
export const startAskers = (): Askers => {
  const child = fork(join(import.meta.dirname, 'askers.ts'))
  const run = async (load: Load) => {
    child.send(load)
    const [told] = (await once(child, 'message')) as [Told]
    if ('error' in told) throw new Error(`A call of the bench failed: ${told.error}`)
    return told
  }
  const figuresOf = (parts: readonly { asked: Asked[]; seconds: number }[]): Figures => {
    const asked = parts.flatMap((part) => part.asked)
    const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
    return {
      first: quantile(
        asked.map(({ first }) => first),
        0.5,
      ),
      total: quantile(
        asked.map(({ total }) => total),
        0.5,
      ),
      answers: asked.length / seconds,
      tokens: asked.reduce((sum, { tokens }) => sum + tokens, 0) / seconds,
    }
  }
  return {
    compare: async (places, load) => {
      const parts = places.map(() => [] as { asked: Asked[]; seconds: number }[])
      for (const place of places) await run({ ...load, place, seconds: load.seconds / 2 })
      for (let slice = 0; slice < slices; slice += 1)
        for (const [at, place] of places.entries()) parts[at]?.push(await run({ ...load, place }))
      return parts.map(figuresOf)
    },
    stop: () => void child.kill(),
  }
}
