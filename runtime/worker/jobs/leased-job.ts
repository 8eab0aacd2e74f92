import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact } from '#nodes/ports.ts'
import { checkpointEvery, type JobError, type Lease, type LeaseEnd } from '../../dispatch/protocol.ts'
import type { Log } from '../log.ts'
import { type Backoff, untilDone } from '../retry.ts'
import type { ServerClient } from '../server-client.ts'
import { isLeaseLost } from '../server-error.ts'
import { download, upload } from '../transfer.ts'
import { createCheckpointUploader } from './checkpoint-uploader.ts'
import { startEventSender } from './event-sender.ts'
import { type JobExecutor, JobFailure, JobStop, type StopReason } from './executor.ts'

export type LeasedJobOptions = {
  server: ServerClient
  lease: Lease
  executor: JobExecutor
  /** For the job's files; removed at its end. */
  folder: string
  log: Log
  /** Milliseconds between checkpoints that are uploaded. */
  checkpoints?: number
  backoff?: Backoff
}
export type LeasedJob = {
  stop: (why: StopReason) => void
  /** How it ended here. It does not reject. */
  ended: Promise<LeaseEnd['status'] | 'lost'>
}

const fileName = /^[\w][\w.-]{0,199}$/
const fetchAll = async (
  server: ServerClient,
  files: Record<string, Artifact>,
  folder: string,
  signal: AbortSignal,
): Promise<Record<string, string>> => {
  const paths: Record<string, string> = {}
  for (const [name, { sha256, bytes }] of Object.entries(files)) {
    if (!fileName.test(name)) throw new JobFailure('bad-job', `"${name}" cannot be the name of a file.`)
    await download(server, { sha256, bytes }, join(folder, name), { signal })
    paths[name] = join(folder, name)
  }
  return paths
}

/** A full disk or a lack of memory may pass, or be otherwise on another worker; what the executor names knows better. */
const asJobError = (error: unknown): JobError => {
  if (error instanceof JobFailure)
    return { code: error.code, message: error.message.slice(0, 4_000), retry: error.retry }
  const { code } = error as NodeJS.ErrnoException
  const passes = code === 'ENOSPC' || code === 'ENOMEM' || code === 'EAGAIN' || code === 'EMFILE'
  const message = error instanceof Error ? error.message : String(error)
  return { code: passes ? 'no-room' : 'worker-failed', message: message.slice(0, 4_000), retry: passes }
}

/** Works on one lease to its end: inputs, events, checkpoints, outputs, and the word that it is over. */
export const startLeasedJob = (options: LeasedJobOptions): LeasedJob => {
  const { server, lease, executor, folder, log, checkpoints = checkpointEvery, backoff } = options
  const { job, attempt } = lease
  const about = { job, attempt, kind: lease.kind }
  /** Stops the executor. */
  const work = new AbortController()
  /** Stops transfers too: nothing that this attempt says counts any more. */
  const gone = new AbortController()
  const stop = (why: StopReason): void => {
    if (why === 'lost') gone.abort(new JobStop('lost'))
    if (!work.signal.aborted) work.abort(new JobStop(why))
  }
  const transfer = { signal: gone.signal, ...(backoff && { backoff }) }
  const sender = startEventSender({
    server,
    lease,
    onCancel: () => stop('cancelled'),
    onLost: () => stop('lost'),
    onRefused: (error) => {
      log('error', 'the server refuses the job’s events', { ...about, reason: String(error) })
      stop('lost')
    },
    ...(backoff && { backoff }),
  })
  const uploader = createCheckpointUploader({
    server,
    folder: join(folder, 'snapshots'),
    every: checkpoints,
    tell: sender.tell,
    onError: (error) => log('warn', 'a checkpoint could not be uploaded', { ...about, reason: String(error) }),
    ...transfer,
  })

  const execute = async (): Promise<Awaited<ReturnType<JobExecutor['run']>>> => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const inputs = await fetchAll(server, lease.inputs, join(folder, 'inputs'), work.signal)
    const checkpoint = lease.checkpoint ? join(folder, 'checkpoint') : undefined
    if (lease.checkpoint && checkpoint) await fetchAll(server, lease.checkpoint, checkpoint, work.signal)
    return executor.run(
      { lease, folder, inputs, checkpoint },
      (event) => (event.type === 'checkpoint-folder' ? uploader.take(event.folder) : sender.tell(event)),
      work.signal,
    )
  }
  const conclude = async (): Promise<LeaseEnd> => {
    try {
      const { outputs, summary } = await execute()
      // A result that is there is worth more than the wish to release it.
      const kept: Record<string, Artifact> = {}
      for (const [name, path] of Object.entries(outputs))
        kept[name] = { ...(await upload(server, path, transfer)), name }
      return { attempt, status: 'succeeded', outputs: kept, summary }
    } catch (error) {
      gone.signal.throwIfAborted()
      const why: unknown = work.signal.aborted ? work.signal.reason : undefined
      if (!(why instanceof JobStop)) return { attempt, status: 'failed', error: asJobError(error) }
      if (why.why === 'cancelled') return { attempt, status: 'cancelled' }
      await uploader.flush()
      return { attempt, status: 'released' }
    }
  }
  const run = async (): Promise<LeaseEnd['status'] | 'lost'> => {
    log('info', 'job begins', about)
    try {
      const end = await conclude()
      uploader.stop()
      await sender.finish()
      gone.signal.throwIfAborted()
      // A server that comes back takes leases back soon: whoever waits longer than that to say it is done, did it for nothing.
      await untilDone(() => server.end(job, end), {
        signal: gone.signal,
        backoff: backoff ?? { first: 250, most: 3_000 },
      })
      log(end.status === 'failed' ? 'warn' : 'info', 'job ended', {
        ...about,
        status: end.status,
        ...(end.status === 'failed' && { code: end.error.code, reason: end.error.message }),
      })
      return end.status
    } catch (error) {
      stop('lost')
      const reason = isLeaseLost(error) || gone.signal.aborted ? 'another attempt has it, or it is over' : String(error)
      log('warn', 'job dropped', { ...about, reason })
      return 'lost'
    } finally {
      uploader.stop()
      sender.stop()
      await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    }
  }
  return { stop, ended: run() }
}
