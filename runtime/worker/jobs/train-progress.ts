import type { JobEvent } from '../../dispatch/protocol.ts'
import type { TrainMessage } from '../trainer/protocol.ts'

type Step = Extract<TrainMessage, { type: 'step-end' }>
type Evaluation = Extract<TrainMessage, { type: 'evaluation-end' }>
/** Of rows that are not learned. */
export type Evaluated = { loss: number; accuracy?: number }

/** Milliseconds between two progress events; a small model makes fifty steps a second. */
const apart = 250

/** Turns the trainer's steps into progress: loss, rate, speed, and how long it will take; and what evaluation found last. */
export const createTrainProgress = (tell: (event: JobEvent) => void, now: () => number = () => performance.now()) => {
  let began: { at: number; step: number; tokens: number } | undefined
  let tokens = 0
  let told = Number.NEGATIVE_INFINITY
  let last: Step | undefined
  let evaluated: Evaluated | undefined
  const metricsOf = ({ loss, rate, accuracy, margin }: Step) => ({
    loss,
    rate,
    ...(accuracy !== undefined && { accuracy }),
    ...(margin !== undefined && { margin }),
  })
  const report = (step: number, steps: number): void => {
    told = now()
    const seconds = began ? (told - began.at) / 1_000 : 0
    const done = step - (began?.step ?? 0)
    tell({
      type: 'progress',
      fraction: Math.min(1, step / Math.max(1, steps)),
      note: `step ${step} of ${steps}`,
      metrics: {
        step,
        steps,
        tokens,
        ...(last && metricsOf(last)),
        ...(evaluated && { evaluationLoss: evaluated.loss }),
        ...(evaluated?.accuracy !== undefined && { evaluationAccuracy: evaluated.accuracy }),
        ...(seconds > 0 && { tokensPerSecond: Math.round((tokens - (began?.tokens ?? 0)) / seconds) }),
      },
      ...(seconds > 0 && done > 0 && { secondsLeft: Math.max(0, ((steps - step) * seconds) / done) }),
    })
  }
  return {
    start: (step: number) => {
      began = { at: now(), step, tokens }
    },
    step: (message: Step) => {
      last = message
      tokens += message.tokens
      if (now() - told >= apart || message.step >= message.steps) report(message.step, message.steps)
    },
    evaluation: ({ step, steps, loss, accuracy }: Evaluation) => {
      evaluated = { loss, ...(accuracy !== undefined && { accuracy }) }
      report(step, steps)
    },
    /** The last one. */
    evaluated: () => evaluated,
    /** Of earlier attempts. */
    addTokens: (earlier: number) => {
      tokens += earlier
    },
    tokens: () => tokens,
  }
}
