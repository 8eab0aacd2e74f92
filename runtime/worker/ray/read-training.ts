import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { JobExecutor } from '../jobs/executor.ts'
import { createTrainProgress } from '../jobs/train-progress.ts'
import type { TrainState } from '../jobs/train-spec.ts'
import type { Log } from '../log.ts'
import type { TrainMessage } from '../trainer/protocol.ts'
import { RayError } from './errors.ts'
import { type EntryError, type RayFiles, readLine } from './messages.ts'

/** A Patchbay server that nodes upload to, and this worker downloads from. */
export type FileServer = {
  url: string
  /** The worker's own; Ray shows a job's environment to whoever reaches its API. */
  token: string
  download: (wanted: { sha256: string; bytes: number }, file: string, signal: AbortSignal) => Promise<void>
}
export type ReadTrainingOptions = {
  /** This worker's own. */
  files: string
  fixed: Pick<TrainState, 'device' | 'threads'>
  /** What an earlier attempt's checkpoint says. */
  earlier: TrainState | undefined
  server: FileServer | undefined
  tell: Parameters<JobExecutor['run']>[1]
  log: Log
  signal: AbortSignal
}

const keptLines = 40

/** Makes events, checkpoints and the result of what a training's job writes into its log. */
export const readTraining = (options: ReadTrainingOptions) => {
  const { files, fixed, earlier, server, tell, log, signal } = options
  const began = performance.now()
  const progress = createTrainProgress(tell)
  progress.addTokens(earlier?.tokens ?? 0)
  const seconds = () => (earlier?.seconds ?? 0) + (performance.now() - began) / 1_000
  const lines: string[] = []
  /** Tokens at each checkpoint: its files may come when the training is further on. */
  const tokensAt = new Map<number, number>()
  let started: Extract<TrainMessage, { type: 'train-start' }> | undefined
  let ended: Extract<TrainMessage, { type: 'train-end' }> | undefined
  let failed: EntryError | undefined
  let model: string | undefined
  let problem: unknown
  let working: Promise<void> = Promise.resolve()

  const fetchFiles = async (brought: NonNullable<RayFiles['files']>, to: string): Promise<string> => {
    if (!server)
      throw new RayError('outputs-lost', 'The job uploaded its files to a server that this worker does not have.')
    await mkdir(to, { recursive: true })
    for (const [name, wanted] of Object.entries(brought)) await server.download(wanted, join(to, name), signal)
    return to
  }
  const saveCheckpoint = async ({ step, folder, files: brought }: RayFiles): Promise<void> => {
    const from = folder ?? (await fetchFiles(brought ?? {}, join(files, 'brought')))
    const saved = join(files, 'saved')
    rmSync(saved, { recursive: true, force: true })
    mkdirSync(saved, { recursive: true })
    try {
      linkSync(join(from, 'checkpoint.pt'), join(saved, 'checkpoint.pt'))
    } catch {
      copyFileSync(join(from, 'checkpoint.pt'), join(saved, 'checkpoint.pt')) // another file system
    }
    const state: TrainState = { ...fixed, tokens: tokensAt.get(step) ?? progress.tokens(), seconds: seconds() }
    writeFileSync(join(saved, 'state.json'), JSON.stringify(state))
    tell({ type: 'checkpoint-folder', folder: saved })
  }
  const takeModel = async ({ folder, files: brought }: RayFiles): Promise<void> => {
    const own = join(files, 'model')
    // The job's folder is removed with the job; what is returned is needed for longer.
    if (folder === undefined) await fetchFiles(brought ?? {}, own)
    else await cp(folder, own, { recursive: true })
    model = own
  }
  const takeFiles = (message: RayFiles): void => {
    working = working.then(async () => {
      if (signal.aborted) return
      try {
        await (message.of === 'model' ? takeModel(message) : saveCheckpoint(message))
      } catch (error) {
        if (message.of === 'model') problem = error
        else log('warn', 'a checkpoint of Ray could not be taken', { reason: String(error) })
      }
    })
  }
  return {
    take: (line: string): void => {
      const message = readLine(line)
      if (!message) {
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
        return
      }
      if (message.type === 'train-start') {
        started = message
        progress.start(message.step)
        const from = message.step > 0 ? `goes on after step ${message.step}` : 'begins'
        const text = `Training ${from} on Ray: ${message.steps} steps, ${message.rows} rows.`
        tell({ type: 'log', level: 'info', message: text })
      } else if (message.type === 'step-end') progress.step(message)
      else if (message.type === 'evaluation-end') progress.evaluation(message)
      else if (message.type === 'checkpoint-end') tokensAt.set(message.step, progress.tokens())
      else if (message.type === 'train-end') ended = message
      else if (message.type === 'train-error') failed = message
      else if (message.type === 'ray-files') takeFiles(message)
    },
    /** The trained model's folder here, once the job is over; undefined if it ended without one. */
    finish: async () => {
      await working
      if (failed) throw new RayError(failed.code, failed.message, { retry: failed.code === 'missing-package' })
      if (problem) throw problem
      if (!ended || model === undefined) return undefined
      const { loss, steps } = ended
      const took = Math.round(seconds() * 10) / 10
      const evaluated = progress.evaluated()
      const counts = started && { parameters: started.trained, rows: started.rows }
      return {
        model,
        summary: {
          loss,
          steps,
          tokens: progress.tokens(),
          seconds: took,
          ...(evaluated && { evaluation: evaluated }),
          ...counts,
        },
      }
    },
    /** The end of what is no message: traces, warnings. */
    lastLines: () => lines,
  }
}
