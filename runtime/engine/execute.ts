import { type ActiveRun, endRun } from './active-run.ts'
import { runOutput } from './output.ts'
import { runBlock } from './run-block.ts'

/** Runs what is left of a run to its end. A run of pure nodes has ended when this returns its promise. */
export const execute = async (run: ActiveRun): Promise<void> => {
  const { failure } = run.state
  // The process that journaled it died before the end.
  if (failure) return endRun(run, 'failed', { error: failure })
  try {
    const pending = runBlock(run, run.plan.block, run.state.root)
    if (pending) await pending
    endRun(run, 'succeeded', { output: run.stopped ? {} : runOutput(run.plan, run.state.root) })
  } catch (error) {
    if (run.stopped) return
    run.parts.log('error', 'The engine failed while it executed a run.', { run: run.id, error })
    const message = error instanceof Error ? error.message : String(error)
    endRun(run, 'failed', {
      error: { code: 'internal', message: `The engine failed: ${message}. Report this as a bug.` },
    })
  }
}
