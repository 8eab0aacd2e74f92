import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const file = fileURLToPath(new URL('../../runtime/worker/main.ts', import.meta.url))

/** A folder that is gone after the test. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-worker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** `npm run worker` with these arguments, killed at the end of the test. */
export const runWorker = (args: string[], environment: NodeJS.ProcessEnv = {}, stdin: 'ignore' | 'pipe' = 'ignore') => {
  const { PATCHBAY_WORKER_TOKEN: _, ...inherited } = process.env
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...inherited, PATCHBAY_PYTHON: '/no/python', ...environment },
    stdio: [stdin, 'pipe', 'pipe'],
  })
  let output = ''
  let log = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  child.stderr?.on('data', (chunk) => {
    log += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid ?? 0,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended,
    /** Lets go of its standard input, as a parent does that dies. */
    letGo: () => child.stdin?.end(),
    output: () => output,
    log: () => log,
  }
}
