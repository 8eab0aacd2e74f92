import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { WorkerError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { type ServerCommand, trainerFolder } from './command.ts'

type Ready = { origin: URL; pid: number | undefined }
/** One live server process. It is never reused after its end. */
export type PythonServer = {
  /** The bearer token that it asks for: other users of this machine can reach its port too. */
  key: string
  /** Resolves with where it serves, and which process does; rejects when it ends before. */
  ready: Promise<Ready>
  ended: Promise<void>
  /** Tells it to end; it is made to after a few seconds. */
  end: () => void
}

const leash = fileURLToPath(new URL('./leash.ts', import.meta.url))
const readyLine = z.object({ ready: z.literal(true), url: z.url(), pid: z.int().optional() })
const pollEvery = 250

const readyIn = (line: string): Ready | undefined => {
  try {
    const { url, pid } = readyLine.parse(JSON.parse(line))
    return { origin: new URL(url), pid }
  } catch {
    return undefined // it talks of something else
  }
}
const answers = (url: URL): Promise<boolean> =>
  fetch(new URL('/health', url), { signal: AbortSignal.timeout(1_000) }).then(
    (response) => response.ok,
    () => false,
  )

/** Starts a server on a leash of this process. */
export const startPythonServer = (python: string, { args, url }: ServerCommand, log: Log): PythonServer => {
  const key = randomBytes(24).toString('base64url')
  const child = spawn(process.execPath, [leash, python, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PYTHONPATH: trainerFolder,
      PYTHONUNBUFFERED: '1',
      PATCHBAY_SERVE_TOKEN: key,
      VLLM_API_KEY: key,
    },
  })
  const { promise: ready, resolve, reject } = Promise.withResolvers<Ready>()
  const { promise: ended, resolve: gone } = Promise.withResolvers<void>()
  ready.catch(() => undefined)
  let over = false
  let lastWords = ''

  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = readyIn(line)
    if (told) resolve(told)
    else log('info', line, { from: 'python' })
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim()) lastWords = line.trim()
    log('warn', line, { from: 'python' })
  })
  child.stdin.on('error', () => undefined)
  child.on('error', (error) => {
    lastWords = error.message
  })
  child.on('close', (code) => {
    over = true
    reject(new WorkerError('engine_crashed', `The Python server ended (${code}): ${lastWords || 'without a word'}`))
    gone()
  })
  const poll = async (at: URL) => {
    while (!over && !(await answers(at))) await sleep(pollEvery, undefined, { ref: false })
    resolve({ origin: at, pid: child.pid })
  }
  if (url) void poll(url)
  return { key, ready, ended, end: () => void child.stdin.end() }
}
