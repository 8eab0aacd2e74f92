import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Engine } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import { findRun } from '#runtime/store/runs.ts'
import { eachDatabase } from '../support/databases.ts'
import { collect, finish, openEngine, request, stepRows } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const chain = wire({ a: 'start', b: 'add', c: 'add-later', z: 'end' }, 'a.x > b.x', 'b.x > c.x', 'c.x > z.y')

eachDatabase('An engine', (on) => {
  let database: Database
  let engine: Engine
  beforeAll(async () => {
    database = await on.open()
    engine = await openEngine(database)
  })
  afterAll(async () => {
    await engine.stop()
    await database.close()
    await on.clean()
  })

  it('runs a pipeline to its output and numbers the run', async () => {
    const record = await finish(engine, chain, { x: 1 })
    expect(record).toMatchObject({
      status: 'succeeded',
      output: { y: 3 },
      input: { x: 1 },
      error: null,
      trigger: 'api',
    })
    expect((await finish(engine, chain, { x: 1 })).number).toBe(record.number + 1)
  })

  it('tells the same record from memory as later from the database', async () => {
    const told = await finish(engine, chain, { x: 1 })
    const stored = await findRun(database.query, await openTemporaryArtifacts(), told.id)
    expect(stored?.record).toEqual(told)
  })

  it('runs the arm that a branch takes and skips the other', async () => {
    const document = wire(
      { a: 'start', p: 'parity', e: 'add', o: { type: 'add', config: { by: 10 } }, after: 'add', m: 'merge', z: 'end' },
      'a.x > p.x',
      'p.even > e.x',
      'p.odd > o.x',
      'e.x > after.x',
      'after.x > m.x',
      'o.x > m.x',
      'm.x > z.y',
    )
    const record = await finish(engine, document, { x: 3 })
    expect(record.output).toEqual({ y: 13 })
    const rows = await stepRows(database, record.id)
    expect(rows.find((row) => row.node === 'e')).toMatchObject({ status: 'skipped', mark: 'branch' })
    expect(rows.find((row) => row.node === 'after')).toMatchObject({ status: 'skipped', mark: 'upstream' })
  })

  it('runs a node that joins with whatever arrives, and skips it when nothing does', async () => {
    const document = wire(
      { a: 'start', p: 'parity', q: 'parity', one: 'either', none: 'either' },
      'a.x > p.x',
      'p.even > one.a',
      'p.odd > one.b',
      'p.even > q.x',
      'q.even > none.a',
      'q.odd > none.b',
    )
    const record = await finish(engine, document, { x: 3 })
    expect(record.output).toEqual({ one: { x: { a: null, b: 3 } } })
  })

  it('skips disabled nodes and what hangs on them', async () => {
    const document = wire(
      { a: 'start', b: { type: 'add', disabled: true }, c: 'add', d: 'add' },
      'a.x > b.x',
      'b.x > c.x',
      'a.x > d.x',
    )
    const record = await finish(engine, document, { x: 1 })
    expect(record).toMatchObject({ status: 'succeeded', output: { d: { x: 2 } } })
    const events = await collect(engine, record.id)
    expect(events.filter((event) => event.type === 'step-skip')).toEqual([
      expect.objectContaining({ node: 'b', reason: 'disabled' }),
      expect.objectContaining({ node: 'c', reason: 'upstream' }),
    ])
  })

  it('lets a pin stand in for a node in draft runs only', async () => {
    const document = wire({ a: 'start', b: { type: 'add', pin: { x: 100 } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')
    const draft = await finish(engine, document, { x: 1 })
    expect(draft.output).toEqual({ y: 100 })
    expect(await collect(engine, draft.id)).toContainEqual(
      expect.objectContaining({ type: 'step-end', node: 'b', pinned: true }),
    )
    expect((await finish(engine, document, { x: 1 }, { version: 1 })).output).toEqual({ y: 2 })
  })

  it('gives the outputs of the last nodes by id when there is no end node', async () => {
    const document = wire({ a: 'start', b: 'add', c: 'add' }, 'a.x > b.x', 'a.x > c.x')
    expect((await finish(engine, document, { x: 1 })).output).toEqual({ b: { x: 2 }, c: { x: 2 } })
  })

  it('makes one run of 20 starts with one key', async () => {
    const idempotency = { trigger: 'hook/a', key: crypto.randomUUID(), bodyDigest: 'same' }
    const started = await Promise.all(
      Array.from({ length: 20 }, () => engine.start(request(chain, { x: 1 }, { idempotency }))),
    )
    expect(new Set(started.map(({ id }) => id)).size).toBe(1)
    expect(started.filter(({ repeated }) => !repeated)).toHaveLength(1)
    const record = await engine.wait(started[0]?.id ?? '', 5_000)
    expect(record).toMatchObject({ status: 'succeeded', output: { y: 3 } })
    expect(await stepRows(database, record?.id ?? '')).toHaveLength(4)
    const other = request(chain, { x: 2 }, { idempotency: { ...idempotency, bodyDigest: 'other' } })
    await expect(engine.start(other)).rejects.toMatchObject({ code: 'idempotency-conflict' })
  })

  it('tells events in order, each of the journal once, and from Last-Event-ID on', async () => {
    const { id } = await engine.start(request(chain, { x: 1 }))
    const [live] = await Promise.all([collect(engine, id)])
    const ends = live.filter((event) => event.type === 'step-end').map((event) => event.node)
    expect(ends).toEqual(['a', 'b', 'c', 'z'])
    expect(live[0]?.type).toBe('run-start')
    expect(live.at(-1)).toMatchObject({ type: 'run-end', status: 'succeeded', output: { y: 3 } })
    const rest = await collect(engine, id, 2)
    expect(rest.map((event) => ('seq' in event ? event.seq : 0))).toEqual([3, 4, 5])
  })

  it('knows no events of a run that does not exist', async () => {
    expect(await collect(engine, '00000000-0000-7000-8000-000000000000')).toEqual([])
    expect(await engine.wait('00000000-0000-7000-8000-000000000000', 0)).toBeUndefined()
    expect(await engine.cancel('local', '00000000-0000-7000-8000-000000000000')).toBe(false)
  })
})
