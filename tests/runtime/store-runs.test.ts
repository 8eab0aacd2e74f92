import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRun } from '#runtime/store/claim-runs.ts'
import type { Database } from '#runtime/store/database.ts'
import { readSteps, summariseNodes } from '#runtime/store/run-steps.ts'
import { lastRuns, listRuns, type RunFilter, readRun, readRunDocument } from '#runtime/store/runs.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { anEnd, aProcess, aSource, aStart, aStep } from '#tests/support/journal.ts'
import { findProjectionFaults } from '#tests/support/projection.ts'

const [first, second] = ['01a20a87-072b-7dd3-8a76-6a7a8530a4b7', '01a20a87-072b-7dd3-8a76-6a7a8530a4b8']

eachDatabase('Reading runs', (on) => {
  let database: Database
  let self: Awaited<ReturnType<typeof aProcess>>
  const ids: string[] = []
  beforeAll(async () => {
    database = await on.open()
    self = await aProcess(database)
    for (let i = 0; i < 7; i++) {
      const start = aStart({ pipeline: i % 2 ? second : first })
      await self.journal.start(start)
      ids.push(start.id)
      if (i < 5)
        self.journal.end(start.id, 1, anEnd(1, i === 4 ? { status: 'failed', error: { code: 'x', message: 'y' } } : {}))
      await self.journal.durable(start.id)
    }
  })
  afterAll(async () => {
    await self.stop()
    await database.close()
    await on.clean()
  })
  const idsOf = async (filter: RunFilter) =>
    (await listRuns(database.query, self.artifacts, 'local', filter)).items.map((run) => ids.indexOf(run.id))

  test('lists them the newest first, by pipeline and status', async () => {
    expect(await idsOf({})).toEqual([6, 5, 4, 3, 2, 1, 0])
    expect(await idsOf({ pipeline: first })).toEqual([6, 4, 2, 0])
    expect(await idsOf({ status: ['running'] })).toEqual([6, 5])
    expect(await idsOf({ pipeline: first, status: ['failed', 'succeeded'] })).toEqual([4, 2, 0])
    expect(await idsOf({ pipeline: 'nonsense' })).toEqual([])
    expect(await idsOf({ cursor: 'nonsense' })).toEqual([])
    expect((await listRuns(database.query, self.artifacts, 'elsewhere', {})).items).toEqual([])
  })

  test('pages through all of them once, though new ones arrive', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const page = await listRuns(database.query, self.artifacts, 'local', {
        limit: 3,
        pipeline: first,
        ...(cursor !== null && { cursor }),
      })
      seen.push(...page.items.map((run) => ids.indexOf(run.id)))
      cursor = page.next
      await self.journal.start(aStart({ pipeline: first, workspace: 'local' }, { queued: true }))
    } while (cursor !== null)
    expect(seen).toEqual([6, 4, 2, 0])
    await database.query(`delete from run where status = 'queued'`)
  })

  test('gives each pipeline its last runs', async () => {
    const last = await lastRuns(database.query, 'local', [first, second], 2)
    expect(last.get(first)?.map((run) => [ids.indexOf(run.id), run.status])).toEqual([
      [6, 'running'],
      [4, 'failed'],
    ])
    expect(last.get(second)?.map((run) => ids.indexOf(run.id))).toEqual([5, 3])
  })

  test('shows a run to its own workspace only, with the document it executes', async () => {
    const id = ids[0] ?? ''
    expect(await readRun(database.query, self.artifacts, 'local', id)).toMatchObject({
      id,
      pipeline: first,
      trigger: 'api',
    })
    expect((await readRunDocument(database.query, 'local', id))?.name).toBe('Test')
    expect(await readRun(database.query, self.artifacts, 'elsewhere', id)).toBeUndefined()
    expect(await readRunDocument(database.query, 'elsewhere', id)).toBeUndefined()
    expect(await readRun(database.query, self.artifacts, 'local', 'nonsense')).toBeUndefined()
  })

  test('sums up nodes in the order they ran, and pages through items by position', async () => {
    const start = aStart()
    await self.journal.start(start)
    const at = Date.parse('2026-11-23T10:00:00Z')
    const used = { inputTokens: 1, outputTokens: 2 }
    let seq = 0
    self.journal.step(start.id, 1, aStep(++seq, { node: 'prompt', startedAt: at, ms: 20, usage: used }))
    self.journal.source(start.id, 1, aSource(++seq, { node: 'rows' }))
    for (const item of [10, 2, 0, 1, 11])
      self.journal.step(
        start.id,
        1,
        aStep(++seq, {
          node: 'each',
          path: [item],
          startedAt: at + item,
          ms: 10,
          usage: used,
          ...(item === 2 && { status: 'failed', outputs: null, error: { code: 'bad', message: 'item' } }),
        }),
      )
    const skipped = { status: 'skipped', outputs: null, startedAt: null, ms: 0, mark: 'branch' } as const
    self.journal.step(start.id, 1, aStep(++seq, { node: 'other', ...skipped }))
    await self.journal.durable(start.id)

    const nodes = await summariseNodes(database.query, self.artifacts, start.id)
    const none = { outputs: null, error: null, usage: null, items: null, mark: null }
    expect(nodes).toEqual([
      {
        ...none,
        node: 'prompt',
        status: 'succeeded',
        startedAt: '2026-11-23T10:00:00.000Z',
        endedAt: '2026-11-23T10:00:00.020Z',
        ms: 20,
        outputs: { text: 'out 1' },
        usage: used,
      },
      {
        ...none,
        node: 'each',
        status: 'succeeded',
        items: { total: 5, failed: 1, skipped: 0 },
        startedAt: '2026-11-23T10:00:00.000Z',
        endedAt: '2026-11-23T10:00:00.021Z',
        ms: 21,
        error: { code: 'bad', message: 'item' },
        usage: { inputTokens: 5, outputTokens: 10 },
      },
      { ...none, node: 'other', status: 'skipped', startedAt: null, endedAt: null, ms: 0, mark: 'branch' },
    ])

    const paths: number[][] = []
    let cursor: string | null = null
    do {
      const page = await readSteps(database.query, self.artifacts, start.id, {
        node: 'each',
        limit: 2,
        ...(cursor !== null && { cursor }),
      })
      paths.push(...page.items.map((step) => step.path))
      cursor = page.next
    } while (cursor !== null)
    expect(paths).toEqual([[0], [1], [2], [10], [11]])
    const all = await readSteps(database.query, self.artifacts, start.id, { limit: 3 })
    expect(all).toMatchObject({
      items: [{ node: 'prompt' }, { path: [10] }, { path: [2], startedAt: '2026-11-23T10:00:00.002Z' }],
    })
    const rest = await readSteps(database.query, self.artifacts, start.id, { cursor: all.next ?? '' })
    expect(rest.items).toHaveLength(4)
    expect(rest.next).toBeNull()
    expect((await readSteps(database.query, self.artifacts, start.id, { cursor: 'x' })).items).toEqual([])

    expect((await readRun(database.query, self.artifacts, 'local', start.id))?.usage).toEqual({
      inputTokens: 6,
      outputTokens: 12,
    })
    await cancelRun(database, 'local', start.id)
    expect((await readRun(database.query, self.artifacts, 'local', start.id))?.usage).toEqual({
      inputTokens: 6,
      outputTokens: 12,
    })
  })

  test('every row agrees with its journal, and one that did not would be found', async () => {
    expect(await findProjectionFaults(database.query)).toEqual([])
    await database.query(`update run set status = 'succeeded' where id = $1::text::uuid`, [ids[6]])
    expect(await findProjectionFaults(database.query)).toMatchObject([{ id: ids[6] }])
  })
})
