import { setTimeout as delay } from 'node:timers/promises'
import type { JobResult } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import { runEnded } from '../../engine/active-run.ts'
import type { Outside } from '../../engine/engine.ts'
import type { Database } from '../../store/database.ts'
import { isPassing } from '../../store/database-error.ts'
import type { StoredJob } from '../../store/job-rows.ts'
import { cancelJob, failQueued, makeJob, readJob } from '../../store/jobs.ts'
import type { JobNeeds } from '../protocol.ts'
import type { JobDispatcher } from './dispatcher.ts'
import { type JobLack, lackText } from './lacks.ts'

/** How often a job is looked at when no hint tells of it, in ms. */
const lookEvery = 1_000

export type RunJobOptions = {
  database: Database
  dispatcher: Pick<JobDispatcher, 'onChange'>
  /** Starts the worker of this machine, if there is one to start. */
  wake: () => void
  /** Whether a worker that is known, or comes up now, can do such work. */
  offers: (workspace: string, needs: JobNeeds) => Promise<boolean>
  /** What no worker has that such work needs, as things are. */
  lack: (workspace: string, needs: JobNeeds) => JobLack | undefined
}

/** What nobody can do, and what would change that. */
const unable = (kind: string): NodeError =>
  kind === 'train'
    ? new NodeError(
        'trainer-missing',
        'No worker can train. Run `npm run trainer:setup` once on this machine, or add a worker that has the trainer, and run again.',
      )
    : new NodeError('no-worker', `${lackText(kind, { what: 'capability' })} Add one that can (Workers → Add a worker).`)

const resultOf = ({ id, state, outputs, summary, error }: StoredJob): JobResult => {
  if (state === 'succeeded') return { id, outputs: outputs ?? {}, summary: summary ?? {} }
  if (state === 'cancelled')
    throw new NodeError('job-cancelled', 'The job was cancelled. Run it again to begin anew.', { details: { job: id } })
  throw new NodeError(
    'job-failed',
    `The job failed: ${error?.message ?? 'its worker gave no reason. Look at its log.'}`,
    { details: { job: id, code: error?.code ?? 'unknown', message: error?.message ?? '' } },
  )
}

/** Waits for a hint of this job, or a while. */
const hint = (dispatcher: RunJobOptions['dispatcher'], id: string, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      deafen()
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const deafen = dispatcher.onChange((changed) => {
      if (changed === id) done()
    })
    const timer = setTimeout(done, lookEvery)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })

/** Waits out a database that is away for a moment. Only for what may be done twice. */
const patiently = async <Value>(work: () => Promise<Value>, signal: AbortSignal): Promise<Value> => {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error)) throw error
    }
    // Woken by an abort too, which then tells its own reason.
    await delay(lookEvery, undefined, { signal }).catch(() => undefined)
    signal.throwIfAborted()
  }
}

/**
 * Has a worker do a step's job: makes it, or attaches to the one that an earlier attempt made, and waits for its end. A run
 * that ends cancels it; a process that stops or loses the run leaves it alone, for whoever goes on with the run.
 */
export const createRunJob = ({ database, dispatcher, wake, offers, lack }: RunJobOptions): Outside['job'] => {
  const { query } = database
  /** A job that nobody could do says so, and waits: a worker that can may be added. */
  const noteOf = ({ state, workspace, needs, kind }: StoredJob): string => {
    if (state !== 'queued') return 'starting'
    const missing = lack(workspace, needs)
    return missing ? lackText(kind, missing) : 'queued'
  }
  const look = (job: StoredJob, signal: AbortSignal) => patiently(() => readJob(query, job.workspace, job.id), signal)
  const follow = async (
    job: StoredJob,
    told: Parameters<Outside['job']>[2],
    signal: AbortSignal,
  ): Promise<JobResult> => {
    let last = ''
    for (let now: StoredJob | undefined = job; ; now = await look(job, signal)) {
      if (!now) throw new NodeError('job-failed', 'The job was removed. Run it again.', { details: { job: job.id } })
      if (now.endedAt !== null) return resultOf(now)
      const note = noteOf(now)
      const text = JSON.stringify([now.progress, note])
      if (text !== last) {
        last = text
        told(
          now.state === 'queued' && note !== 'queued'
            ? { fraction: 0, ...now.progress, note }
            : (now.progress ?? { fraction: 0, note }),
        )
      }
      await hint(dispatcher, job.id, signal)
      signal.throwIfAborted()
    }
  }
  return async (of, request, told, signal) => {
    const { workspace, run, node, key, pipeline } = of
    const { gpus = 0, memory = 0 } = request.needs ?? {}
    const needs: JobNeeds = { capability: request.kind, gpus, memory }
    const { kind, spec, inputs } = request
    const tenant = pipeline ?? run
    const job = await patiently(
      () => makeJob(query, { workspace, key, run, node, kind, spec, inputs, needs, tenant }),
      signal,
    )
    try {
      if (job.state === 'queued') {
        wake()
        const able = await offers(workspace, needs)
        // A process that lost the run meanwhile leaves the job to whoever has it.
        signal.throwIfAborted()
        if (!able) {
          const reason = unable(kind)
          const error = { code: reason.code, message: reason.message, retry: false }
          // Otherwise a worker took it meanwhile, and can do it after all.
          if (await patiently(() => failQueued(query, workspace, job.id, error), signal)) throw reason
        }
      }
      return await follow(job, told, signal)
    } catch (error) {
      const over = signal.aborted && (signal.reason === runEnded || signal.reason instanceof NodeError)
      const refused = error instanceof NodeError && !signal.aborted
      // What the run ended with is what counts; a cancellation that fails here is made up for by the dispatcher's patrol.
      if (over || refused) await cancelJob(query, workspace, job.id).catch(() => undefined)
      throw error
    }
  }
}
