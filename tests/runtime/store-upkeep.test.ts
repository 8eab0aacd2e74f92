import { expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { makeJob } from '#runtime/store/jobs.ts'
import { putFile, removeFile } from '#runtime/store/pipeline-files.ts'
import { publishVersion } from '#runtime/store/pipeline-versions.ts'
import { createPipeline } from '#runtime/store/pipelines.ts'
import { readStepRows } from '#runtime/store/step-rows.ts'
import { sweepArtifacts } from '#runtime/store/sweep-artifacts.ts'
import { keepUp } from '#runtime/store/upkeep.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'
import { newJob } from '#tests/support/jobs.ts'
import { aProcess, aSource, aStart, aStep } from '#tests/support/journal.ts'

const day = 86_400_000
/** A UUIDv7-like id of a moment. */
const idAt = (moment: number, tail: string): string => {
  const hex = Math.floor(moment).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${tail.padStart(12, '0')}`
}

eachDatabase('Upkeep', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })
  const insertRun = (id: string, ended: boolean, snapshot = '') =>
    database.query(
      `insert into run (id, workspace_id, number, name, trigger, snapshot, input, status, run_epoch, ended_at)
       values ($1::text::uuid, 'local', 0, '', 'api', $2, '{}', $3, 1, $4)`,
      [id, snapshot, ended ? 'succeeded' : 'waiting', ended ? new Date() : null],
    )
  const insertStep = (id: string) =>
    database.query(
      `insert into run_step (run_id, workspace_id, node, path, status, attempt, ms, seq)
       values ($1::text::uuid, 'local', 'a', '{}', 'succeeded', 1, 1, 1)`,
      [id],
    )
  const partitionOf = async (table: 'run' | 'run_step', id: string) => {
    const [row] = await database.query<{ part: string }>(
      `select tableoid::regclass::text as part from ${table} where ${table === 'run' ? 'id' : 'run_id'} = $1::text::uuid`,
      [id],
    )
    return row?.part
  }
  const ensure = (moment: number, weeks: number) =>
    database.query(`select ensure_run_partitions($1, $2::int)`, [new Date(moment), weeks])

  test('runs of now have a partition of their own, from the first start on', async () => {
    const id = idAt(Date.now(), '1')
    await insertRun(id, true)
    expect(await partitionOf('run', id)).toMatch(/^run_w\d{8}$/)
  })

  test('rows without a partition are kept, and move when it is made', async () => {
    const id = idAt(Date.now() + 100 * day, '2')
    await insertRun(id, false)
    await insertStep(id)
    expect(await partitionOf('run', id)).toBe('run_default')
    await ensure(Date.now() + 100 * day, 1)
    expect(await partitionOf('run', id)).toMatch(/^run_w\d{8}$/)
    expect(await partitionOf('run_step', id)).toMatch(/^run_step_w\d{8}$/)
    await database.query('delete from run where id = $1::text::uuid', [id])
  })

  test('weeks that are past the retention go with their steps, but not while a run in them lives', async () => {
    const [old, living] = [Date.now() - 60 * day, Date.now() - 90 * day]
    await ensure(old, 1)
    await ensure(living, 1)
    const [gone, beside, waiting] = [idAt(old, '3'), idAt(living, '4'), idAt(living, '5')]
    await insertRun(gone, true)
    await insertRun(beside, true)
    await insertRun(waiting, false)
    for (const id of [gone, beside, waiting]) await insertStep(id)
    expect((await keepUp(database)).droppedWeeks).toHaveLength(1)
    const left = await database.query<{ id: string }>(`select run_id as id from run_step order by 1`)
    expect(left.map((row) => row.id)).not.toContain(gone)
    expect(left.map((row) => row.id)).toEqual(expect.arrayContaining([beside, waiting]))
    await database.query(`update run set ended_at = now() where id = $1::text::uuid`, [waiting])
    expect((await keepUp(database)).droppedWeeks).toHaveLength(1)
    expect(await partitionOf('run', waiting)).toBeUndefined()
  })

  test('a week within the retention stays', async () => {
    const recent = Date.now() - 29 * day
    await ensure(recent, 1)
    const id = idAt(recent, '6')
    await insertRun(id, true)
    expect((await keepUp(database)).droppedWeeks).toEqual([])
    expect(await partitionOf('run', id)).toBeDefined()
  })

  test('keys go after 7 days, snapshots when no run has needed them, sessions when they are over', async () => {
    await insertRun(idAt(Date.now(), '7'), true, 'needed')
    for (const [digest, age] of [
      ['needed', 40],
      ['unneeded', 40],
      ['young', 20],
    ] as const)
      await database.query(
        `insert into snapshot (workspace_id, digest, document, files, used_at) values ('local', $1, '{}', '{}', now() - $2::int * interval '1 day')`,
        [digest, age],
      )
    for (const age of [6, 8])
      await database.query(
        `insert into idempotency (workspace_id, trigger, key, body_digest, run_id, created_at)
         values ('local', 't', $1, '', gen_random_uuid(), now() - $2::int * interval '1 day')`,
        [String(age), age],
      )
    for (const hours of [-1, 1])
      await database.query(
        `insert into session (workspace_id, digest, expires_at) values ('local', $1, now() + $2::int * interval '1 hour')`,
        [new Uint8Array([hours + 1]), hours],
      )
    await keepUp(database)
    expect(await database.query('select digest from snapshot order by digest')).toEqual([
      { digest: 'needed' },
      { digest: 'young' },
    ])
    expect(await database.query('select key from idempotency')).toEqual([{ key: '6' }])
    expect(await database.query('select digest from session')).toEqual([{ digest: new Uint8Array([2]) }])
  })

  test('jobs go with what they told when they ended long ago and their run is gone', async () => {
    const kept = idAt(Date.now(), '8')
    await insertRun(kept, true)
    for (const [key, run, age] of [
      ['gone', idAt(Date.now() - 40 * day, '9'), 40],
      ['of a run that is there', kept, 40],
      ['young', null, 20],
      ['running', null, null],
    ] as const) {
      const { id } = await makeJob(database.query, newJob({ key, run }))
      await database.query(
        `insert into job_event (workspace_id, job_id, attempt, number, event) values ('local', $1::text::uuid, 1, 1, '{}')`,
        [id],
      )
      await database.query(
        `update job set ended_at = now() - $2::int * interval '1 day', state = case when $2::int is null then state else 'succeeded' end
         where id = $1::text::uuid`,
        [id, age],
      )
    }
    await keepUp(database)
    const left = await database.query<{ key: string }>('select key from job order by key')
    expect(left.map(({ key }) => key)).toEqual(['of a run that is there', 'running', 'young'])
    expect(await database.query('select 1 as ok from job_event')).toHaveLength(3)
  })

  test('artifacts go when they are a day old and no run, file, version or snapshot names them', async () => {
    const process = await aProcess(database)
    const { artifacts } = process
    const write = async (text: string) => (await artifacts.write(new TextEncoder().encode(text), 'text/plain')).sha256
    const names = ['input', 'output', 'spilled', 'source', 'draft', 'version', 'snapshot', 'orphan']
    const [input, output, spilled, source, draft, version, files, orphan] = (await Promise.all(names.map(write))) as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const file = (sha256: string) => ({ sha256, mime: 'text/plain', bytes: 1 })
    const start = aStart({ input: { file: file(input) }, files: { 'a.md': files } })
    await process.journal.start(start)
    process.journal.step(
      start.id,
      1,
      aStep(1, { outputs: { file: file(output), long: ['x'.repeat(70_000), file(spilled)] } }),
    )
    process.journal.source(start.id, 1, aSource(2, { items: [{ row: { file: file(source) } }] }))
    await process.journal.durable(start.id)
    const id = await createPipeline(database.query, 'local', start.request.document)
    await putFile(database.query, 'local', id, { path: 'v.md', sha256: version, bytes: 1 })
    await publishVersion(database, 'local', id, start.request.document, null)
    await removeFile(database.query, 'local', id, 'v.md')
    await putFile(database.query, 'local', id, { path: 'd.md', sha256: draft, bytes: 1 })

    expect(await sweepArtifacts(database.query, artifacts)).toBe(0)
    const tomorrow = Date.now() + 1.1 * day
    expect(await sweepArtifacts(database.query, artifacts, tomorrow)).toBe(1)
    expect(await artifacts.has(orphan)).toBe(false)
    for (const kept of [input, output, spilled, source, draft, version, files])
      expect(await artifacts.has(kept)).toBe(true)
    const [step] = await readStepRows(database.query, start.id, artifacts)
    expect(step?.outputs?.long).toEqual(['x'.repeat(70_000), file(spilled)])
    await process.stop()
  })
})
