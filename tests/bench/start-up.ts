import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/postgres.ts'
import type { Measure } from './engine.ts'

const root = join(import.meta.dirname, '../..')

/** The repository as a newcomer has it after `npm ci`: its files, the packages, nothing built and nothing kept. */
const freshClone = (): string => {
  const clone = mkdtempSync(join(tmpdir(), 'patchbay-clone-'))
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean)
  for (const file of files) {
    if (file === 'node_modules') continue
    mkdirSync(dirname(join(clone, file)), { recursive: true })
    cpSync(join(root, file), join(clone, file))
  }
  // The packages are links, one by one, so that what is cached beside them stays behind.
  const packages = realpathSync(join(root, 'node_modules'))
  mkdirSync(join(clone, 'node_modules'))
  for (const name of readdirSync(packages))
    if (name !== '.cache' && name !== '.vite') symlinkSync(join(packages, name), join(clone, 'node_modules', name))
  return clone
}

/** Runs `npm start` until its page is there; gives back seconds, and resident megabytes of the idle server. */
const start = async (clone: string): Promise<{ seconds: number; memory: number }> => {
  const port = await freePort()
  const token = 'an-admin-token-for-the-bench'
  const since = performance.now()
  const npm = spawn('npm', ['start'], {
    cwd: clone,
    env: { ...process.env, PORT: String(port), NO_OPEN: '1', PATCHBAY_ADMIN_TOKEN: token, DATABASE_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its own group, so that npm, its shell and the server end together.
    detached: true,
  })
  const ended = new Promise<void>((resolve) => npm.once('exit', () => resolve()))
  try {
    const link = await new Promise<string>((resolve, reject) => {
      createInterface({ input: npm.stdout }).on('line', (line) => {
        const found = /http:\S+sign-in\S+$/.exec(line)?.[0]
        if (found !== undefined) resolve(found)
      })
      void ended.then(() => reject(new Error('npm start ended before the server listened.')))
    })
    await firstPage(link, port)
    const seconds = (performance.now() - since) / 1_000
    // Idle: what a start leaves behind is collected in its own time.
    await sleep(5_000)
    const metrics = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    const memory = Number(/process_resident_memory_bytes (\d+)/.exec(await metrics.text())?.[1]) / 1e6
    return { seconds, memory }
  } finally {
    process.kill(-(npm.pid as number), 'SIGTERM')
    await ended
  }
}

/** Follows the sign-in link and loads the page with its scripts and styles, as a browser does. */
const firstPage = async (link: string, port: number): Promise<void> => {
  await fetch(link)
  const page = await (await fetch(`http://127.0.0.1:${port}/`)).text()
  const files = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path)
  if (files.length === 0) throw new Error('The first page has no script.')
  for (const path of files) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    if (!response.ok) throw new Error(`The first page lacks ${path}.`)
    await response.arrayBuffer()
  }
}

export const benchStartUp = async (): Promise<Measure[]> => {
  const clone = freshClone()
  try {
    const first = await start(clone)
    const later = await start(clone)
    return [
      { what: '`npm start` to the first page, first time', value: first.seconds, unit: 's', goal: '≤ 8' },
      { what: '`npm start` to the first page, later', value: later.seconds, unit: 's', goal: '≤ 3' },
      { what: 'server after that start, idle, no model', value: later.memory, unit: 'MB', goal: '≤ 300' },
    ]
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}
