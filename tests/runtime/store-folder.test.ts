import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockFolder } from '#runtime/store/pglite/folder-lock.ts'
import { openPglite } from '#runtime/store/pglite/open.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-folder-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const lockFile = fileURLToPath(new URL('../../runtime/store/pglite/folder-lock.ts', import.meta.url))
/** A process that locks the folder as soon as it is told to, says what came of it, and then stays. */
const locker = async (path: string) => {
  const code = `
    const { lockFolder } = await import(${JSON.stringify(lockFile)})
    process.stdout.write('up\\n')
    process.stdin.once('data', () => {
      try { lockFolder(${JSON.stringify(path)}); process.stdout.write('got it\\n') } catch (error) { process.stdout.write(error.message + '\\n') }
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = async () => String((await once(child.stdout, 'data'))[0]).trim()
  await line()
  return {
    pid: child.pid,
    lock: () => {
      child.stdin.write('go\n')
      return line()
    },
    kill: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('of eight processes that start at once, one gets the folder and the others name it', async () => {
  const path = join(folder, 'race')
  const lockers = await Promise.all(Array.from({ length: 8 }, () => locker(path)))
  const answers = await Promise.all(lockers.map((one) => one.lock()))
  const winner = lockers[answers.indexOf('got it')]
  expect(answers.filter((answer) => answer === 'got it')).toHaveLength(1)
  // Those that came before the winner had written its pid say "another process"; a later one knows.
  const late = await locker(path)
  const refusal = await late.lock()
  expect(refusal).toContain(`is in use by process ${winner?.pid}`)
  expect(refusal).toContain('PATCHBAY_DATA')
  await Promise.all([...lockers, late].map((one) => one.kill()))
})

test('a folder is free as soon as its holder was killed, and not before', async () => {
  const path = join(folder, 'killed')
  const holder = await locker(path)
  expect(await holder.lock()).toBe('got it')
  expect(() => lockFolder(path)).toThrow(`process ${holder.pid}`)
  await holder.kill()
  const lock = lockFolder(path)
  expect(() => lockFolder(path)).toThrow('this process')
  lock.release()
  lockFolder(path).release()
})

test('every commit in a folder is put on disk', async () => {
  const database = await openPglite(join(folder, 'fsync'))
  await database.query('create table t (id int)')
  for (let i = 1; i <= 5; i++) {
    const before = await database.fsyncs()
    await database.query('insert into t values ($1)', [i])
    expect(await database.fsyncs()).toBeGreaterThan(before)
  }
  const [settings] = await database.query(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages`,
  )
  expect(settings).toEqual({ fsync: 'on', commit: 'on', pages: 'on' })
  await database.maintain()
  await database.close()
  await expect(database.query('select 1')).rejects.toMatchObject({ code: 'connection-lost' })
  await database.close()
})

test('a database that broke is replaced by one that recovers, and nothing committed is lost', async () => {
  const database = await openPglite(join(folder, 'broken'))
  const heard: string[] = []
  await database.listen('after', (payload) => heard.push(payload))
  await database.query('create table t (id int)')
  await database.query('insert into t values (1)')
  // An endless recursion overruns the engine's stack: it panics at the next statement.
  await database.query(`create function f() returns int language sql as 'select f()'`)
  let lost: unknown
  const open = database.transaction(async (query) => {
    await query('insert into t values (2)')
    await query('select f()')
    await query('insert into t values (3)')
  })
  await open.catch((error: unknown) => {
    lost = error
  })
  expect(lost).toMatchObject({ code: 'connection-lost' })
  expect(await database.query('select id from t')).toEqual([{ id: 1 }])
  await database.query('insert into t values (4)')
  await database.query(`select pg_notify('after', 'x')`)
  expect(heard).toEqual(['x'])
  await database.close()
})

test('an embedded database keeps no process from ending', async () => {
  const open = fileURLToPath(new URL('../../runtime/store/pglite/open.ts', import.meta.url))
  const code = `const { openPglite } = await import(${JSON.stringify(open)})
    const database = await openPglite(null); console.log(JSON.stringify(await database.query('select 1 as one')))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
  })
  const ended = await Promise.race([once(child, 'exit'), sleep(20_000, undefined, { ref: false })])
  if (!ended) child.kill('SIGKILL')
  expect(ended).toEqual([0, null])
  expect(said).toBe('[{"one":1}]\n')
})
