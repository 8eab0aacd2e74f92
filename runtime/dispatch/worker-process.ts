import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readyLine } from '../worker/protocol.ts'

export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void

/** A worker that runs on this machine as a child of this process. */
export type WorkerProcess = {
  url: string
  token: string
  pid: number
  /** Resolves with how it ended. */
  ended: Promise<string>
  /** Lets running answers end, for up to `ms`. */
  stop: (ms: number) => Promise<void>
}

const workerFile = fileURLToPath(new URL('../worker/main.ts', import.meta.url))
const startTimeout = 30_000

const forward = (line: string, log: Log): void => {
  try {
    const { at: _, level, message, ...fields } = JSON.parse(line)
    log(level === 'info' || level === 'warn' ? level : 'error', String(message), { from: 'worker', ...fields })
  } catch {
    log('warn', line, { from: 'worker' })
  }
}

/**
 * Starts a worker and resolves when it listens. It holds our end of its stdin: when this process dies, by whatever death,
 * the worker and its engines end too. The token is made here and known to the two of us only.
 */
export const startWorkerProcess = async (
  { models, data, server }: { models: string; data?: string; server?: { url: string; key: string } },
  log: Log,
): Promise<WorkerProcess> => {
  const token = randomBytes(32).toString('base64url')
  const child = spawn(process.execPath, [workerFile, '--models', models, ...(data ? ['--data', data] : [])], {
    env: {
      ...process.env,
      PATCHBAY_WORKER_TOKEN: token,
      ...(server && { PATCHBAY_WORKER_SERVER: server.url, PATCHBAY_WORKER_KEY: server.key }),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
  })
  child.stdin.on('error', () => undefined)
  createInterface({ input: child.stderr }).on('line', (line) => forward(line, log))
  const firstLine = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve))
  const started = await Promise.race([
    firstLine.then((line) => readyLine.safeParse(JSON.parse(line)).data),
    ended.then((how) => how),
    new Promise<string>((resolve) => setTimeout(() => resolve('no ready line'), startTimeout).unref()),
  ])
  if (typeof started !== 'object') {
    child.kill('SIGKILL')
    throw new Error(`The worker did not start: ${started ?? 'its first line could not be read'}.`)
  }
  return {
    url: started.url,
    token,
    pid: started.pid,
    ended,
    stop: async (ms) => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), ms)
      await ended
      clearTimeout(timer)
    },
  }
}
