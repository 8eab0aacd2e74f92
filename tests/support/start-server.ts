import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

export type StartedServer = {
  url: string
  /** The one-time sign-in link. */
  link: string
  adminToken: string
  pid: number
  /** Everything the process wrote on stderr so far. */
  stderr: () => string
  /** Sends a signal and resolves with the exit code, or the signal's name. */
  end: (signal?: NodeJS.Signals) => Promise<number | string>
}

type Options = { data?: string; databaseUrl?: string; environment?: Record<string, string> }

/**
 * The whole product as a child process on a free port, as `npm start` runs it but for the browser. Without `data` it
 * gets a folder of its own, removed when it ends.
 */
export const startServer = async ({ data, databaseUrl, environment }: Options = {}): Promise<StartedServer> => {
  const folder = data ?? (await mkdtemp(join(tmpdir(), 'patchbay-server-')))
  const adminToken = 'an-admin-token-for-tests'
  // The option is that of `npm start`.
  const child = spawn(process.execPath, ['--v8-pool-size=1', join(root, 'server/main.ts')], {
    cwd: root,
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: '0',
      NO_OPEN: '1',
      // As people write it; what runs in a folder of its own has to find it all the same.
      PATCHBAY_DATA: relative(root, folder),
      PATCHBAY_ADMIN_TOKEN: adminToken,
      PATCHBAY_KEY: 'a-key-of-at-least-32-characters-for-tests',
      DATABASE_URL: databaseUrl ?? '',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<number | string>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'))
  })
  const lines = createInterface({ input: child.stdout })
  const addresses = new Promise<{ url: string; link: string }>((resolve) => {
    let url = ''
    lines.on('line', (line) => {
      url ||= /http:\S+$/.exec(line)?.[0] ?? ''
      const link = /http:\S+sign-in\S+$/.exec(line)?.[0]
      if (link !== undefined) resolve({ url, link })
    })
  })
  const started = await Promise.race([addresses, ended])
  if (typeof started !== 'object') throw new Error(`The server ended with ${started} before it listened:\n${stderr}`)
  return {
    ...started,
    adminToken,
    pid: child.pid as number,
    stderr: () => stderr,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const how = await ended
      if (data === undefined) await rm(folder, { recursive: true, force: true })
      return how
    },
  }
}
