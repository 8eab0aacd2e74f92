import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Log } from '../log.ts'
import { trainerFolder } from './trainer-python.ts'

const withParent = fileURLToPath(new URL('./with_parent.py', import.meta.url))

/** A process that cannot outlive this one, with its group. */
export type GroupedProcess = {
  pid: number
  /** How it ended: an exit code, or a signal. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Asks it to save and end. */
  interrupt: () => void
  /** Ends it and its children at once. */
  kill: () => void
  /** The end of what it wrote to standard error. */
  complaint: () => string
}

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch {
    // It ended this moment.
  }
}

/** Starts `python -m patchbay_trainer <file>`; every line of its standard output is given to `onLine`. */
export const startTrainer = (
  python: string,
  file: string,
  onLine: (line: string) => void,
  log: Log,
): GroupedProcess => {
  const child = spawn(python, ['-B', '-u', withParent, 'patchbay_trainer', file], {
    cwd: trainerFolder,
    env: { ...process.env, PYTHONPATH: trainerFolder, HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  child.stdin.on('error', () => undefined)
  let complaint = ''
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaint = `${complaint}\n${line}`.slice(-2_000)
    log('info', line.slice(0, 1_000), { from: 'trainer' })
  })
  const lines = createInterface({ input: child.stdout }).on('line', onLine)
  const allRead = once(lines, 'close')
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('error', (error) => {
      complaint = error.message
      resolve({ code: null, signal: null })
    })
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  return {
    pid: child.pid ?? 0,
    // A grandchild may hold the pipe open for longer; a second is enough for lines that were written.
    ended: exited.then(async (how) => {
      await Promise.race([allRead, new Promise((resolve) => setTimeout(resolve, 1_000).unref())])
      child.stdin.destroy()
      return how
    }),
    interrupt: () => {
      if (child.exitCode === null) child.kill('SIGTERM')
    },
    kill: () => signalGroup(child, 'SIGKILL'),
    complaint: () => complaint.trim(),
  }
}
