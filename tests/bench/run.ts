/** `npm run bench`: measures engine, webhooks, maps, model calls, placement of jobs, start and size side by side, and writes docs/figures.md. */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '#runtime/store/database.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createDatabase, startPostgres } from '../support/postgres.ts'
import { startServer } from '../support/start-server.ts'
import { benchDispatch } from './dispatch.ts'
import { benchEngine, type Measure } from './engine.ts'
import { installSize } from './install-size.ts'
import { type Loader, startLoader } from './loader.ts'
import { benchPlacement } from './placement.ts'
import { facts, type Table, tableText } from './report.ts'
import { benchStartUp } from './start-up.ts'
import { benchWebhooks } from './webhook.ts'

const parts = ['webhook', 'engine', 'dispatch', 'placement', 'start']
/** `npm run bench -- 0.3` is quick and rough; `-- dispatch` or `-- 2 webhook` measures that part only, and writes nothing. */
const args = process.argv.slice(2)
const only = args.find((arg) => Number.isNaN(Number(arg)))
if (only !== undefined && !parts.includes(only)) throw new Error(`There is no part "${only}": ${parts.join(', ')}.`)
const seconds = Number(args.find((arg) => arg !== only) ?? 2)
const wanted = (part: string) => only === undefined || part === only

const loadBefore = loadavg()[0] ?? 0
const folder = mkdtempSync(join(tmpdir(), 'patchbay-bench-'))
const tables: Table[] = []
const add = (table: Table) => {
  tables.push(table)
  console.log(tableText(table))
}
const names = { postgres: 'PostgreSQL', pglite: 'PGlite' } as const

const ceiling = async (loader: Loader): Promise<Measure[]> => {
  const bare = fork(join(import.meta.dirname, 'bare-server.ts'))
  try {
    const port = await new Promise<number>((resolve) => bare.once('message', resolve))
    const call = { url: `http://127.0.0.1:${port}/`, secret: 'whsec_AAAA', body: `{"text":"${'x'.repeat(1_000)}"}` }
    await loader.load({ ...call, clients: 64, seconds: seconds / 2 })
    const single = await loader.load({ ...call, clients: 1, seconds: seconds / 2 })
    const many = await loader.load({ ...call, clients: 64, seconds })
    return [
      { what: '1 client, p50', value: single.p50, unit: 'ms' },
      { what: '64 clients', value: many.perSecond, unit: 'calls/s' },
    ]
  } finally {
    bare.kill()
  }
}

const databases = ['webhook', 'engine'].some(wanted)
const cluster = databases ? await startPostgres() : undefined
const loader = startLoader()
const placeOf = async (driver: keyof typeof names, name: string) =>
  driver === 'postgres' && cluster ? { url: await createDatabase(cluster.url) } : { folder: join(folder, name) }
const withDatabase = async <T>(driver: keyof typeof names, name: string, work: (on: Database) => Promise<T>) => {
  const database = await openDatabase(await placeOf(driver, name))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

try {
  const version =
    cluster &&
    (await withDatabase('postgres', '', async ({ query }) => {
      const [row] = await query<{ version: string }>(`select current_setting('server_version') as version`)
      return row?.version.split(' ')[0] ?? ''
    }))
  if (wanted('webhook'))
    add({
      title: 'Load generator against a bare node:http server',
      note: 'What this machine can carry at most: the same signed calls, answered with 1 KB by a server that does nothing.',
      measures: await ceiling(loader),
    })
  for (const driver of ['postgres', 'pglite'] as const) {
    if (wanted('webhook')) {
      const place = await placeOf(driver, 'server')
      const server = await startServer({
        data: join(folder, `data-${driver}`),
        ...('url' in place && { databaseUrl: place.url }),
      })
      const measures = await withDatabase(driver, 'bare', (bare) =>
        benchWebhooks(server, bare, loader, seconds, driver === 'postgres'),
      ).finally(() => server.end())
      add({
        title: `Signed webhook → n pure nodes → response, run saved: ${names[driver]}`,
        note: 'Each node writes 1 KB. Beside it: the same rows by bare group commits, without HTTP, checks, fences or reads.',
        measures,
      })
    }
    if (wanted('engine')) {
      const artifacts = await openTemporaryArtifacts()
      const measures = await withDatabase(driver, 'engine', (on) => benchEngine(on, artifacts, seconds * 0.75)).finally(
        artifacts.close,
      )
      add({ title: `Engine alone, 1 KB per step, durable: ${names[driver]}`, measures })
    }
  }
  if (wanted('dispatch')) await benchDispatch(folder, seconds, add)
  if (wanted('placement')) add(await benchPlacement())
  if (wanted('start')) {
    add({
      title: 'Install and start',
      note: 'The page counts as there when its script and styles are loaded. PGlite, no service, no key.',
      measures: [...installSize(), ...(await benchStartUp())],
    })
  }
  if (only === undefined) {
    const opening = `# Figures\n\nWritten by \`npm run bench\`. Goals are those of the design; a missed one says so.\n\n${facts(version, loadBefore)}\n`
    writeFileSync(
      join(import.meta.dirname, '../../docs/figures.md'),
      `${[opening, ...tables.map(tableText)].join('\n').trimEnd()}\n`,
    )
  }
  console.log(facts(version, loadBefore))
} finally {
  loader.stop()
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
}
