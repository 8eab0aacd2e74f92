import type { JobEvent } from '../../dispatch/protocol.ts'
import type { TrainMessage } from '../trainer/protocol.ts'

type Step = Extract<TrainMessage, { type: 'step-end' }>

/** Milliseconds between two progress events; a small model makes fifty steps a second. */
const apart = 250

/** Turns the trainer's steps into progress: loss, rate, speed, and how long it will take. */
export const createTrainProgress = (tell: (event: JobEvent) => void, now: () => number = () => performance.now()) => {
  let began: { at: number; step: number; tokens: number } | undefined
  let tokens = 0
  let told = Number.NEGATIVE_INFINITY
  return {
    start: (step: number) => {
      began = { at: now(), step, tokens }
    },
    step: ({ step, steps, loss, rate, tokens: more }: Step) => {
      tokens += more
      const at = now()
      if (at - told < apart && step < steps) return
      told = at
      const seconds = began ? (at - began.at) / 1_000 : 0
      const done = step - (began?.step ?? 0)
      tell({
        type: 'progress',
        fraction: Math.min(1, step / Math.max(1, steps)),
        note: `step ${step} of ${steps}`,
        metrics: {
          step,
          steps,
          loss,
          rate,
          tokens,
          ...(seconds > 0 && { tokensPerSecond: Math.round((tokens - (began?.tokens ?? 0)) / seconds) }),
        },
        ...(seconds > 0 && done > 0 && { secondsLeft: Math.max(0, ((steps - step) * seconds) / done) }),
      })
    },
    /** Of earlier attempts. */
    addTokens: (earlier: number) => {
      tokens += earlier
    },
    tokens: () => tokens,
  }
}
