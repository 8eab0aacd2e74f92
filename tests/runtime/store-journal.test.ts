import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { readRun } from '#runtime/store/runs.ts'
import { readSourceRows, readStepRows } from '#runtime/store/step-rows.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { anEnd, aProcess, aSource, aStart, aStep } from '#tests/support/journal.ts'

eachDatabase('The journal', (on) => {
  let database: Database
  let self: Awaited<ReturnType<typeof aProcess>>
  beforeAll(async () => {
    database = await on.open()
    self = await aProcess(database)
  })
  afterAll(async () => {
    await self.stop()
    await database.close()
    await on.clean()
  })
  const stepsOf = (run: string) => readStepRows(database.query, run, self.artifacts)
  const recordOf = (run: string) => readRun(database.query, self.artifacts, 'local', run)

  test('writes a whole run that is given in one tick', async () => {
    const start = aStart()
    const started = self.journal.start(start)
    const rows = [aStep(1), aStep(2, { usage: { inputTokens: 3, outputTokens: 4 }, mark: 'cached' })]
    for (const row of rows) self.journal.step(start.id, 1, row)
    const usage = { inputTokens: 3, outputTokens: 4 }
    self.journal.end(start.id, 1, anEnd(3, { usage }))
    expect(await started).toEqual({ id: start.id, epoch: 1, repeated: false, number: expect.any(Number) })
    await self.journal.durable(start.id)
    expect(await stepsOf(start.id)).toEqual(rows)
    expect(await recordOf(start.id)).toMatchObject({
      name: 'Test',
      status: 'succeeded',
      input: { question: 'why' },
      output: { answer: 'because' },
      usage,
      endedAt: expect.any(String),
    })
  })

  test('writes the same run when every row waits for the one before', async () => {
    const start = aStart()
    await self.journal.start(start)
    expect(await recordOf(start.id)).toMatchObject({ status: 'running', endedAt: null, output: null })
    const failed = aStep(1, { status: 'failed', outputs: null, error: { code: 'x', message: 'no \u0000' } })
    const skipped = aStep(2, { status: 'skipped', outputs: null, startedAt: null, ms: 0, mark: 'branch', path: [3, 7] })
    for (const row of [failed, skipped]) {
      self.journal.step(start.id, 1, row)
      await self.journal.durable(start.id)
    }
    const chunk = aSource(3)
    self.journal.source(start.id, 1, chunk)
    await self.journal.durable(start.id)
    self.journal.end(start.id, 1, anEnd(4, { status: 'failed', output: null, error: { code: 'x', message: 'no' } }))
    await self.journal.durable(start.id)
    expect(await stepsOf(start.id)).toEqual([failed, skipped])
    expect(await readSourceRows(database.query, start.id, self.artifacts)).toEqual([chunk])
    expect(await recordOf(start.id)).toMatchObject({ status: 'failed', error: { code: 'x', message: 'no' } })
  })

  test('keeps NUL, lone surrogates, the order of keys and values that look like references', async () => {
    const start = aStart()
    await self.journal.start(start)
    const outputs = {
      z: 'a\u0000b\ud800c\uE000',
      a: { $artifact: { sha256: 'x' } },
      m: { $literal: 1 },
      n: { b: 1, a: '10.5' },
    }
    self.journal.step(start.id, 1, aStep(1, { outputs }))
    await self.journal.durable(start.id)
    const [row] = await stepsOf(start.id)
    expect(JSON.stringify(row?.outputs)).toBe(JSON.stringify(outputs))
  })

  test('puts values over 64 KB into the artifact store and reads them back', async () => {
    const start = aStart({ input: { question: 'q'.repeat(70_000) } })
    await self.journal.start(start)
    const outputs = { small: 'x', large: 'ü'.repeat(70_000) }
    const items = Array.from({ length: 3_000 }, (_, row) => ({ row, text: 'twenty-four characters..' }))
    self.journal.step(start.id, 1, aStep(1, { outputs }))
    self.journal.source(start.id, 1, aSource(2, { items }))
    self.journal.step(start.id, 1, aStep(3))
    await self.journal.durable(start.id)
    const [sizes] = await database.query(
      `select max(length(outputs::text)) as steps, (select max(length(items::text)) from run_source where run_id = $1::text::uuid) as items
       from run_step where run_id = $1::text::uuid`,
      [start.id],
    )
    expect(sizes?.steps).toBeLessThan(500)
    expect(sizes?.items).toBeLessThan(500)
    expect((await stepsOf(start.id)).map((row) => row.outputs)).toEqual([outputs, { text: 'out 3' }])
    expect((await readSourceRows(database.query, start.id, self.artifacts))[0]?.items).toEqual(items)
    expect((await recordOf(start.id))?.input).toEqual(start.request.input)
  })

  test('numbers the runs of a workspace upwards', async () => {
    const numbers: number[] = []
    for (let i = 0; i < 3; i++) {
      const start = aStart()
      await self.journal.start(start)
      numbers.push((await recordOf(start.id))?.number ?? 0)
    }
    expect(numbers).toEqual([numbers[0], (numbers[0] ?? 0) + 1, (numbers[0] ?? 0) + 2])
  })

  test('stores a document once for many runs of it', async () => {
    const document = { format: 'patchbay/1' as const, name: 'Shared', nodes: [], edges: [] }
    await Promise.all(Array.from({ length: 5 }, () => self.journal.start(aStart({ document }))))
    // Another object with the same content, as another process would have it.
    await self.journal.start(aStart({ document: { ...document } }))
    const rows = await database.query(`select digest from snapshot where document->>'name' = 'Shared'`)
    expect(rows).toHaveLength(1)
  })

  test('twenty starts with one key become one run', async () => {
    const other = await aProcess(database)
    const idempotency = { trigger: 'hook:a', key: 'k-20', bodyDigest: 'b' }
    const starts = Array.from({ length: 20 }, () => aStart({ idempotency }))
    const answers = await Promise.all(starts.map((start, i) => (i % 2 ? self : other).journal.start(start)))
    const winner = answers.find((answer) => !answer.repeated)
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.id))).toEqual(new Set([winner?.id]))
    const ids = starts.map((start) => start.id)
    const rows = await database.query(`select id from run where id = any ($1::text::uuid[])`, [`{${ids.join(',')}}`])
    expect(rows).toEqual([{ id: winner?.id }])
    await other.stop()
  })

  test('a key with another body is refused alone, and another trigger may use it', async () => {
    const idempotency = { trigger: 'hook:a', key: 'k-body', bodyDigest: 'one' }
    const first = await self.journal.start(aStart({ idempotency }))
    const [same, other, elsewhere, keyless] = await Promise.allSettled([
      self.journal.start(aStart({ idempotency })),
      self.journal.start(aStart({ idempotency: { ...idempotency, bodyDigest: 'two' } })),
      self.journal.start(aStart({ idempotency: { ...idempotency, trigger: 'hook:b', bodyDigest: 'two' } })),
      self.journal.start(aStart()),
    ])
    expect(same).toMatchObject({ status: 'fulfilled', value: { id: first.id, repeated: true } })
    expect(other).toMatchObject({
      status: 'rejected',
      reason: { name: 'RuntimeRefusal', code: 'idempotency-conflict' },
    })
    expect(elsewhere).toMatchObject({ status: 'fulfilled', value: { repeated: false } })
    expect(keyless).toMatchObject({ status: 'fulfilled', value: { repeated: false } })
  })

  test('refuses an input that no database can hold, and writes nothing', async () => {
    const start = aStart({ input: { question: 'a\u0000' } })
    await expect(self.journal.start(start)).rejects.toMatchObject({ code: 'bad-input' })
    expect(await recordOf(start.id)).toBeUndefined()
  })

  test('10,000 queued runs are enough: the next is refused, a used key still answers', async () => {
    await database.query(
      `insert into run (id, workspace_id, number, name, trigger, snapshot, input, status, run_epoch)
       select gen_random_uuid(), 'crowded', 0, '', 'api', '', '{}', 'queued', 0 from generate_series(1, 9999)`,
    )
    await database.query(`select create_workspace('crowded', 'Crowded')`)
    const idempotency = { trigger: 'api', key: 'k-queue', bodyDigest: 'b' }
    const last = await self.journal.start(aStart({ workspace: 'crowded', idempotency }, { queued: true }))
    expect(last.repeated).toBe(false)
    await expect(self.journal.start(aStart({ workspace: 'crowded' }, { queued: true }))).rejects.toMatchObject({
      code: 'queue-full',
      retryAfter: 10,
    })
    const again = await self.journal.start(aStart({ workspace: 'crowded', idempotency }, { queued: true }))
    expect(again).toMatchObject({ id: last.id, repeated: true })
    await self.journal.start(aStart({}, { queued: true }))
    await database.query(`delete from run where status = 'queued'`)
  })
})
