import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Device } from '../../dispatch/protocol.ts'
import type { Log } from '../log.ts'
import { type TrainMessage, trainMessage } from '../trainer/protocol.ts'
import { type JobExecutor, JobFailure, JobStop } from './executor.ts'
import { snapshotFile } from './snapshot.ts'
import { startTrainer } from './train-process.ts'
import { createTrainProgress } from './train-progress.ts'
import { findBase, readTrainSpec, type TrainSpec, type TrainState, trainerJob, trainState } from './train-spec.ts'

const run = promisify(execFile)
const converter = fileURLToPath(new URL('../gguf/main.ts', import.meta.url))

export type TrainExecutorOptions = {
  python: string
  /** The folder with models to train from; local:tiny is always there. */
  models?: string | undefined
  devices: readonly Device[]
  log: Log
  /** Seconds between checkpoints; without it, the trainer's own 30. */
  checkpointSeconds?: number
  /** Milliseconds to save a checkpoint in, when asked to stop. */
  patience?: number
}

/** Codes of the trainer that another attempt, perhaps on another worker, may not meet. */
const passing = new Set(['missing-package'])

/** Threads are part of what decides a training's last digits, so they follow from the model and not from the machine. */
export const threadsFor = async (base: string): Promise<number> => {
  const files = (await readdir(base)).filter((name) => name.endsWith('.safetensors'))
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(base, name))).size))
  // On a model of a few million parameters more threads only wait for each other.
  return sizes.reduce((sum, size) => sum + size, 0) < 200_000_000 ? 1 : 4
}

/** Puts an earlier attempt's checkpoint where the trainer looks for it, if this machine can go on from it. */
const restore = async (checkpoint: string | undefined, out: string, devices: readonly Device[], log: Log) => {
  if (!checkpoint || !existsSync(join(checkpoint, 'checkpoint.pt'))) return undefined
  const state = trainState.parse(JSON.parse(await readFile(join(checkpoint, 'state.json'), 'utf8')))
  if (state.device === 'cuda' && !devices.some(({ kind }) => kind === 'cuda')) {
    log('warn', 'the checkpoint is of a training on a GPU, and there is none here: it begins anew')
    return undefined
  }
  // A link where the disk can: a copy of many gigabytes takes longer than a lease waits, and the trainer replaces its file by renaming.
  const [from, to] = [join(checkpoint, 'checkpoint.pt'), join(out, 'checkpoint.pt')]
  await link(from, to).catch(() => copyFile(from, to))
  return state
}

const parseLine = (line: string, log: Log): TrainMessage | undefined => {
  try {
    return trainMessage.parse(JSON.parse(line))
  } catch {
    log('warn', 'a line of the trainer is not of its protocol', { line: line.slice(0, 300) })
    return undefined
  }
}

/** The trained model's files by their names, and its GGUF form. */
export const collect = async (model: string, base: string, spec: TrainSpec, signal: AbortSignal) => {
  const names = await readdir(model)
  const adapter = names.includes('adapter_config.json')
  const kept = adapter ? /^adapter_(config\.json|model\.safetensors)$/ : /\.(json|jinja|safetensors)$/
  const outputs = Object.fromEntries(names.filter((name) => kept.test(name)).map((name) => [name, join(model, name)]))
  const gguf = adapter ? 'adapter.gguf' : 'model.gguf'
  const file = join(model, gguf)
  const how = adapter ? ['--base', base] : ['--type', 'F16', '--name', spec.name]
  await run(process.execPath, [converter, model, file, ...how], { signal }).catch((error: { stderr?: string }) => {
    if (signal.aborted) throw signal.reason
    throw new JobFailure('not-converted', `The trained model could not be made GGUF: ${error.stderr?.trim() ?? error}`)
  })
  return { ...outputs, [gguf]: file }
}

type Training = Pick<Parameters<JobExecutor['run']>[0], 'lease' | 'folder'> & {
  spec: TrainSpec
  base: string
  data: string
  evaluation: string | undefined
  out: string
}

/** Runs the trainer to its end, from the checkpoint in `out` if `earlier` says where that stands. */
const trainOnce = async (
  { python, devices, log, checkpointSeconds, patience = 60_000 }: TrainExecutorOptions,
  { lease, folder, spec, base, data, evaluation, out }: Training,
  earlier: TrainState | undefined,
  tell: Parameters<JobExecutor['run']>[1],
  signal: AbortSignal,
): ReturnType<JobExecutor['run']> => {
  const began = performance.now()
  const device = earlier?.device ?? (devices.some(({ kind }) => kind === 'cuda') ? 'cuda' : 'cpu')
  const fixed = { device, threads: earlier?.threads ?? (await threadsFor(base)) } as const
  const saved = join(folder, 'saved')
  const file = join(folder, 'job.json')
  const paths = { base, data, evaluation, out }
  await writeFile(file, JSON.stringify(trainerJob(spec, paths, fixed, checkpointSeconds)))
  signal.throwIfAborted()

  const progress = createTrainProgress(tell)
  progress.addTokens(earlier?.tokens ?? 0)
  const seconds = () => (earlier?.seconds ?? 0) + (performance.now() - began) / 1_000
  const saveState = (from: string): void => {
    try {
      snapshotFile(from, join(saved, 'checkpoint.pt'))
      const state: TrainState = { ...fixed, tokens: progress.tokens(), seconds: seconds() }
      writeFileSync(join(saved, 'state.json'), JSON.stringify(state))
      tell({ type: 'checkpoint-folder', folder: saved })
    } catch (error) {
      // Such as a full disk. The training itself goes on; it is the next checkpoint that another attempt can go on from.
      log('warn', 'a checkpoint could not be kept', { job: lease.job, reason: String(error) })
    }
  }
  let started: Extract<TrainMessage, { type: 'train-start' }> | undefined
  let last: TrainMessage | undefined
  const onMessage = (message: TrainMessage): void => {
    last = message
    if (message.type === 'train-start') {
      started = message
      progress.start(message.step)
      const from = message.step > 0 ? `goes on after step ${message.step}` : 'begins'
      tell({
        type: 'log',
        level: 'info',
        message: `Training ${from}: ${message.steps} steps, ${message.rows} rows.`,
      })
    } else if (message.type === 'step-end') progress.step(message)
    else if (message.type === 'evaluation-end') progress.evaluation(message)
    else if (message.type === 'checkpoint-end') saveState(message.file)
  }
  const trainer = startTrainer(
    python,
    file,
    (line) => {
      // What came before the stop still counts, but nothing is written into a folder that is being removed.
      if (signal.aborted && signal.reason instanceof JobStop && signal.reason.why === 'lost') return
      const message = parseLine(line, log)
      if (message) onMessage(message)
    },
    log,
  )
  log('info', 'trainer started', { pid: trainer.pid, job: lease.job })
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    if (signal.reason instanceof JobStop && signal.reason.why !== 'released') return trainer.kill()
    trainer.interrupt()
    timer = setTimeout(trainer.kill, patience)
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  const how = await trainer.ended.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    trainer.kill()
  })
  if (last?.type !== 'train-end') signal.throwIfAborted()
  if (last?.type === 'train-error') throw new JobFailure(last.code, last.message, passing.has(last.code))
  if (last?.type !== 'train-end')
    throw new JobFailure(
      'crashed',
      `The trainer ended with ${how.signal ?? `exit code ${how.code}`} and without a word why. ${how.signal === 'SIGKILL' ? 'The system may have run out of memory: take a smaller batch. ' : ''}${trainer.complaint().slice(-1_000)}`,
      how.signal !== null,
    )
  const outputs = await collect(last.model, base, spec, signal)
  const evaluated = progress.evaluated()
  return {
    outputs,
    summary: {
      loss: last.loss,
      steps: last.steps,
      tokens: progress.tokens(),
      seconds: Math.round(seconds() * 10) / 10,
      ...(evaluated && { evaluation: evaluated }),
      ...(started && { parameters: started.trained, rows: started.rows }),
    },
  }
}

/** Fine-tuning and pre-training, by the Python package of this project as a child process. */
export const createTrainExecutor = (options: TrainExecutorOptions): JobExecutor => ({
  kind: 'train',
  run: async ({ lease, folder, inputs, checkpoint }, tell, signal) => {
    const spec = readTrainSpec(lease.spec)
    const base = await findBase(options.models, spec)
    const { data, evaluation } = inputs
    if (data === undefined) throw new JobFailure('bad-job', 'The job has no input "data" with the rows to learn.')
    const out = join(folder, 'out')
    await mkdir(out, { recursive: true })
    const training = { lease, folder, spec, base, data, evaluation, out }
    const earlier = await restore(checkpoint, out, options.devices, options.log)
    return trainOnce(options, training, earlier, tell, signal).catch(async (error: unknown) => {
      if (!earlier || !(error instanceof JobFailure) || error.code !== 'other-job') throw error
      // Another worker began it, whose base of this name has other files. A training from this one's is still a training.
      tell({
        type: 'log',
        level: 'warn',
        message: `The checkpoint is of another "${spec.base}" than this worker has: training begins anew.`,
      })
      await rm(join(out, 'checkpoint.pt'), { force: true })
      return trainOnce(options, training, undefined, tell, signal)
    })
  },
})
