import { NodeError } from '#nodes/errors.ts'
import { type ActiveRun, signalOf } from './active-run.ts'
import { finished } from './clock.ts'
import type { PlanNode } from './plan.ts'

/**
 * Waits for one attempt of a step, but no longer than its timeout, and not beyond the end of the run: a node that does not
 * heed its signal is abandoned.
 */
export const attempt = async (
  run: ActiveRun,
  node: PlanNode,
  start: (signal: AbortSignal) => unknown,
): Promise<unknown> => {
  const over = new AbortController()
  const stop = signalOf(run)
  const signal = node.timeout === undefined ? stop : AbortSignal.any([stop, over.signal])
  const done = new AbortController()
  run.busy += 1
  try {
    return await Promise.race([
      stopping(stop, done.signal),
      ...(node.timeout === undefined ? [] : [expiring(run, node, node.timeout, over, done.signal)]),
      begin(start, signal),
    ])
  } finally {
    run.busy -= 1
    done.abort(finished)
  }
}

/** A node that throws before its first `await` fails like any other. */
const begin = async (start: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<unknown> => start(signal)

/** Rejects when the run stops. */
const stopping = (run: AbortSignal, done: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    run.addEventListener('abort', () => reject(run.reason), { once: true, signal: done })
    if (run.aborted) reject(run.reason)
  })

const expiring = async (
  run: ActiveRun,
  node: PlanNode,
  timeout: number,
  over: AbortController,
  done: AbortSignal,
): Promise<never> => {
  await run.parts.clock.sleep(timeout, done)
  const error = new NodeError(
    'timeout',
    `Node "${node.id}" took longer than ${timeout / 1_000} s. Raise its timeout, or give it less to do at once.`,
    { retry: 'later', details: { seconds: timeout / 1_000 } },
  )
  over.abort(error)
  throw error
}
