import { NodeError } from '#nodes/errors.ts'
import type { Answer } from './answer.ts'
import type { FleetWorker } from './fleet.ts'
import type { Outcome, Trial } from './try-worker.ts'

/** Workers that one request is tried on. */
const mostTries = 3
/** Of them, those that may give no first byte in time. */
const mostSilent = 2
/** The worker's own word that another one should be asked. */
const elsewhere = new Set([429, 502, 503])

export type AskAround = {
  model: string
  signal: AbortSignal
  /** The best of the workers that were not tried. */
  pick: (tried: ReadonlySet<string>) => FleetWorker | undefined
  /** Asks it. `also`: while another is being asked. */
  start: (worker: FleetWorker, how: 'first' | 'again' | 'also') => Trial
  /** After so many ms without a first byte a second worker is asked as well. */
  hedgeAfter?: number | undefined
  /** How long a first byte may take, in ms, for an error's text. */
  firstByte: number
}

export const unavailable = (model: string, cause: unknown) =>
  new NodeError(
    'no-worker',
    `No worker could answer for "${model}": ${cause instanceof Error ? cause.message : String(cause)}. It is tried again.`,
    { retry: 'later', cause, details: { model } },
  )
const silentWorkers = (model: string, firstByte: number, cause: unknown) =>
  new NodeError(
    'worker-silent',
    `No worker began to answer for "${model}" within ${firstByte / 1_000} s. Look at the Workers page whether one hangs, or send less at once.`,
    { retry: 'later', cause, details: { model, seconds: firstByte / 1_000 } },
  )

/** Resolves after `ms`; `cancel` lets go of the timer. */
const alarm = (ms: number) => {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  return { promise, cancel: () => clearTimeout(timer) }
}

/**
 * Asks one worker after another until one begins to answer, and never after that.
 * @throws NodeError `no-worker`, `worker-silent`
 */
export const askAround = async (around: AskAround): Promise<Answer> => {
  const { model, signal, pick, start, firstByte } = around
  const tried = new Set<string>()
  const running = new Set<Trial>()
  let silent = 0
  let { hedgeAfter } = around
  let cause: unknown = new Error('none is free of failures')
  const next = (): FleetWorker | undefined => (tried.size < mostTries && silent < mostSilent ? pick(tried) : undefined)
  const send = (how: Parameters<AskAround['start']>[1]): boolean => {
    const worker = next()
    if (!worker) return false
    tried.add(worker.id)
    running.add(start(worker, how))
    return true
  }
  /** The first that comes to an end, or else the time to ask another one as well. */
  const settled = async (): Promise<Outcome | 'late'> => {
    const outcomes = [...running].map(({ outcome }) => outcome)
    const [only] = outcomes
    if (hedgeAfter === undefined) return only && outcomes.length === 1 ? only : Promise.race(outcomes)
    const late = alarm(hedgeAfter)
    return Promise.race([...outcomes, late.promise]).finally(late.cancel)
  }

  while (running.size > 0 || send(tried.size === 0 ? 'first' : 'again')) {
    const outcome = await settled()
    if (outcome === 'late') {
      hedgeAfter = undefined // once
      send('also')
      continue
    }
    const { trial, answer } = outcome
    running.delete(trial)
    if (!answer) {
      signal.throwIfAborted()
      cause = outcome.cause
      if (outcome.silent) silent += 1
    } else if (elsewhere.has(answer.status) && (running.size > 0 || next())) {
      trial.drop()
      cause = new Error(`"${trial.worker.name}" answered ${answer.status}`)
    } else {
      for (const other of running) other.drop()
      return answer
    }
  }
  throw silent > 0 ? silentWorkers(model, firstByte, cause) : unavailable(model, cause)
}
