import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lease } from '../../dispatch/protocol.ts'
import { type JobExecutor, JobFailure, JobStop } from '../jobs/executor.ts'
import { collect, threadsFor } from '../jobs/train.ts'
import { findBase, readTrainSpec, type TrainSpec, trainState } from '../jobs/train-spec.ts'
import type { Log } from '../log.ts'
import { RayError } from './errors.ts'
import type { RayTarget } from './http.ts'
import { isOver, type RayJobDetails, rayJob, stopJob, submitJob } from './jobs.ts'
import { followJob } from './log-tail.ts'
import { type FileServer, readTraining } from './read-training.ts'
import { trainPackage } from './train-package.ts'
import { whenReady } from './when-ready.ts'

export type RayExecutorOptions = RayTarget & {
  /** For what jobs and this worker share where nodes see it; it outlives the worker. Without one, jobs upload. */
  folder?: string
  /** The folder with models to train from; local:tiny is always there. */
  models?: string | undefined
  /** The server that jobs upload to from nodes which do not see `folder`. */
  server?: FileServer
  /** GPUs of a training. */
  gpus?: number
  /** CPUs of a training. */
  cpus?: number
  /** The Python of the nodes, with the trainer's packages. */
  python?: string
  log: Log
  /** Seconds between checkpoints; without it, the trainer's own 30. */
  checkpointSeconds?: number
  /** Seconds to save a checkpoint in, when asked to stop. */
  patience?: number
}

/** Names a job of Ray: submitted twice, it is one. */
export const submissionId = ({ job, attempt }: Pick<Lease, 'job' | 'attempt'>): string =>
  `patchbay-${job.replaceAll(/[^\w-]/g, '_')}-${attempt}`

const asFailure = (error: unknown): unknown =>
  error instanceof RayError ? new JobFailure(error.code, error.message, error.retry) : error

/** What is the same for every start of this attempt: where files come back, and the proof that a node sees the folder. */
const openFolder = async (folder: string): Promise<{ folder: string; proof: string }> => {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'proof')
  if (!existsSync(file)) await writeFile(file, randomBytes(16).toString('hex'), { mode: 0o600 })
  return { folder, proof: await readFile(file, 'utf8') }
}

const endedBadly = (id: string, { status, message }: RayJobDetails, log: string[]): RayError => {
  // A driver that says why is told by readTraining; here the node, the memory or a person ended it.
  const why = (message ?? '').trim().split('\n').at(-1)?.slice(0, 500)
  const text = `The Ray job ${id} ended as ${status}${why ? `: ${why}` : ''}.`
  return status === 'STOPPED'
    ? new RayError('job-lost', `${text} Somebody stopped it in the cluster.`)
    : new RayError('job-failed', `${text} The end of its log: ${log.join('\n').slice(-1_500)}`, { retry: true })
}

/**
 * Trainings as jobs of a Ray cluster: Ray finds the GPUs and the node, this worker packs, reads and brings back. An executor
 * that is started anew for the same attempt goes on with the job that runs.
 *
 * @example createRayExecutor({ url: 'http://head:8265', folder: join(data, 'ray'), models, log })
 */
export const createRayExecutor = (options: RayExecutorOptions): JobExecutor => {
  const { url, token, models, server, log, checkpointSeconds } = options
  const { gpus = 0, cpus = 1, python = 'python', patience = 60 } = options
  const ray: RayTarget = { url, ...(token !== undefined && { token }) }

  /** Nobody reads them any more: the attempt that did was lost. */
  const stopEarlier = async ({ job, attempt }: Lease, signal: AbortSignal): Promise<void> => {
    for (let earlier = 1; earlier < attempt; earlier++) {
      const id = submissionId({ job, attempt: earlier })
      const found = await rayJob(ray, id, signal)
      if (found && !isOver(found.status)) await stopJob(ray, id, signal)
      if (options.folder !== undefined) await rm(join(options.folder, id), { recursive: true, force: true })
    }
  }
  const stop = async (id: string): Promise<void> => {
    // Ray may be away for a moment; a job that nobody reads must not go on for that.
    for (let tries = 0; tries < 10; tries++) {
      try {
        return void (await stopJob(ray, id))
      } catch (error) {
        if (error instanceof RayError && error.code === 'ray-not-found') return
        log('warn', 'a Ray job could not be stopped', { id, reason: String(error) })
        await new Promise((resolve) => setTimeout(resolve, 2_000))
      }
    }
  }
  const submit = async (
    id: string,
    spec: TrainSpec,
    base: string,
    job: Parameters<JobExecutor['run']>[0],
    signal: AbortSignal,
  ) => {
    const own = options.folder === undefined ? undefined : await openFolder(join(options.folder, id))
    const { data, evaluation } = job.inputs
    if (data === undefined) throw new JobFailure('bad-job', 'The job has no input "data" with the rows to learn.')
    const saved = job.checkpoint && join(job.checkpoint, 'state.json')
    const earlier = saved && existsSync(saved) ? trainState.parse(JSON.parse(await readFile(saved, 'utf8'))) : undefined
    const usable = earlier && (earlier.device === 'cpu' || gpus > 0) ? earlier : undefined
    const device = usable?.device ?? (gpus > 0 ? 'cuda' : 'cpu')
    const fixed = { device, threads: usable?.threads ?? (await threadsFor(base)) } as const
    if (!(await whenReady(() => rayJob(ray, id, signal), signal))) {
      const checkpoint = usable ? job.checkpoint : undefined
      const way = { ...own, ...(server && { server: { url: server.url, token: server.token } }) }
      const how = await submitJob(
        ray,
        {
          id,
          entrypoint: `${python} -B -u -m patchbay_ray.train`,
          package: await trainPackage(spec, { base, data, evaluation, checkpoint }, fixed, checkpointSeconds),
          environment: { PATCHBAY_RAY_JOB: JSON.stringify(way), RAY_JOB_STOP_WAIT_TIME_S: String(patience) },
          cpus,
          gpus,
          memory: 0,
          metadata: { 'patchbay-job': job.lease.job, attempt: String(job.lease.attempt), model: spec.name },
        },
        signal,
      )
      log('info', 'training given to Ray', { id, how })
    } else log('info', 'goes on with a training that Ray has', { id })
    return { own: own?.folder, fixed, earlier: usable }
  }

  return {
    kind: 'train',
    run: async (job, tell, signal) => {
      const id = submissionId(job.lease)
      const spec = readTrainSpec(job.lease.spec)
      const base = await findBase(models, spec)
      const reading = new AbortController()
      let submitted = false
      const onAbort = () => {
        const lost = signal.reason instanceof JobStop && signal.reason.why === 'lost'
        // Nothing that it says counts any more; else what it saves when it stops is still brought back.
        if (lost) reading.abort(signal.reason)
        else setTimeout(() => reading.abort(signal.reason), (patience + 10) * 1_000).unref()
        if (submitted) void stop(id)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      let own: string | undefined
      try {
        await whenReady(() => stopEarlier(job.lease, signal), signal)
        submitted = true
        const { own: folder, fixed, earlier } = await submit(id, spec, base, job, signal)
        own = folder
        const training = readTraining({
          files: job.folder,
          fixed,
          earlier,
          server,
          tell,
          log,
          signal: reading.signal,
        })
        const ended = await followJob(ray, id, training.take, reading.signal)
        const result = await training.finish()
        if (!result) signal.throwIfAborted()
        if (!result) throw endedBadly(id, ended, training.lastLines())
        return { outputs: await collect(result.model, base, spec, signal), summary: result.summary }
      } catch (error) {
        signal.throwIfAborted()
        throw asFailure(error)
      } finally {
        signal.removeEventListener('abort', onAbort)
        if (signal.aborted && submitted) await stop(id)
        if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined)
      }
    },
  }
}
