import { execFile, execFileSync, spawn } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'

const install =
  'The tests need PostgreSQL 15 or newer: `apt-get install postgresql`, `brew install postgresql`, or put initdb and postgres on PATH.'

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The newest distribution's folder first, since PATH may hold wrappers; then PATH. */
const findBinaries = (): { initdb: string; postgres: string } => {
  const distribution = '/usr/lib/postgresql'
  const versions = existsSync(distribution) ? readdirSync(distribution).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(distribution, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  for (const folder of folders) {
    const found = { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
    if (isExecutable(found.initdb) && isExecutable(found.postgres)) return found
  }
  throw new Error(`No initdb and postgres found. ${install}`)
}

/** PostgreSQL refuses to run as root: the numbers of a user to become, or undefined when this process is not root. */
const unprivileged = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const number = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
      return { uid: number('-u'), gid: number('-g') }
    } catch {}
  }
  throw new Error('Running as root, and neither the user postgres nor nobody exists to run PostgreSQL as. Create one.')
}

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })

const answers = async (url: string): Promise<boolean> => {
  const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => undefined })
  return sql`select 1`
    .then(() => true)
    .catch(() => false)
    .finally(() => sql.end({ timeout: 1 }))
}

export type Cluster = { url: string; stop: () => Promise<void> }

/**
 * Starts a throw-away PostgreSQL cluster on a free port of 127.0.0.1, durable as in earnest. It stops by itself when this
 * process ends. Throws when PostgreSQL is not installed: these tests fail, they are not skipped.
 */
export const startPostgres = async (): Promise<Cluster> => {
  const binaries = findBinaries()
  const user = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-postgres-'))
  chmodSync(folder, 0o700)
  if (user) chownSync(folder, user.uid, user.gid)
  await promisify(execFile)(
    binaries.initdb,
    ['-D', join(folder, 'data'), '-U', 'patchbay', '--auth=trust', '--encoding=UTF8', '--locale=C'],
    { cwd: folder, ...user },
  )
  const port = await freePort()
  const watchdog = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('./postgres-watchdog.ts', import.meta.url)),
      binaries.postgres,
      folder,
      String(port),
      ...(user ? [`${user.uid}:${user.gid}`] : []),
    ],
    // Its own process group: an interrupt at the terminal reaches the tests first.
    { stdio: ['pipe', 'ignore', 'inherit'], detached: true },
  )
  const url = `postgres://patchbay@127.0.0.1:${port}/postgres`
  for (let tries = 0; !(await answers(url)); tries++) {
    if (tries > 100 || watchdog.exitCode !== null)
      throw new Error(`PostgreSQL (${binaries.postgres}) did not start. ${install}`)
    await sleep(100)
  }
  watchdog.unref()
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        if (watchdog.exitCode !== null) return resolve()
        watchdog.once('exit', () => resolve())
        watchdog.ref()
        watchdog.stdin?.end()
      }),
  }
}

let databases = 0
/** Creates an empty database in the cluster and returns its URL. */
export const createDatabase = async (cluster: string): Promise<string> => {
  const name = `test_${process.pid}_${++databases}_${Date.now()}`
  const sql = postgres(cluster, { max: 1, onnotice: () => undefined })
  await sql.unsafe(`create database ${name}`)
  await sql.end()
  const url = new URL(cluster)
  url.pathname = `/${name}`
  return url.href
}
