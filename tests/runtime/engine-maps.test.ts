import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { NodeError } from '#nodes/errors.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase } from '../support/databases.ts'
import { collect, finish, openEngine, request, stepRows } from '../support/engines.ts'
import type { testRegistry } from '../support/test-nodes.ts'
import { wire } from '../support/wire.ts'

type Behaviours = NonNullable<Parameters<typeof testRegistry>[0]>

const mapped = (node: { type: string; config?: Record<string, string>; policy?: object }) =>
  wire(
    { a: 'start', s: 'split', b: node, after: 'add', g: 'gather', z: 'end' },
    'a.x > s.x',
    's.x > b.x',
    'b.x > after.x',
    'after.x > g.x',
    'g.items > z.y',
  )

eachDatabase('A map', (on) => {
  let database: Database
  let engine: Engine
  beforeAll(async () => {
    database = await on.open()
  })
  afterEach(() => engine.stop(0))
  afterAll(async () => {
    await database.close()
    await on.clean()
  })
  const open = async (behaviours: Behaviours = {}) => {
    engine = await openEngine(database, behaviours)
  }
  const odd: Behaviours = {
    odd: ({ inputs }) => {
      if (Number(inputs.x) % 2 === 0) throw new NodeError('even', 'Even. Send odd ones.')
      return { x: inputs.x }
    },
  }

  it('passes every item through and collects them by position, however long each takes', async () => {
    await open({
      turn: async ({ inputs }) => {
        for (let wait = 10 - Number(inputs.x); wait > 0; wait -= 1) await new Promise(setImmediate)
        return { x: inputs.x }
      },
    })
    const record = await finish(engine, mapped({ type: 'read', config: { name: 'turn' } }), { x: 10 })
    expect(record.output).toEqual({ y: Array.from({ length: 10 }, (_, at) => ({ path: [at], value: at + 1 })) })
    const rows = await stepRows(database, record.id)
    expect(
      rows
        .filter((row) => row.node === 'after')
        .map((row) => row.path[0])
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('keeps the failed items as holes with their errors under collect, also behind the failed node', async () => {
    await open(odd)
    const document = mapped({ type: 'read', config: { name: 'odd' }, policy: { onItemError: 'collect' } })
    expect((await finish(engine, document, { x: 4 })).output).toEqual({
      y: [
        { path: [0], hole: 'failed', error: 'Even. Send odd ones.' },
        { path: [1], value: 2 },
        { path: [2], hole: 'failed', error: 'Even. Send odd ones.' },
        { path: [3], value: 4 },
      ],
    })
  })

  it('keeps them as skipped under skip', async () => {
    await open(odd)
    const document = mapped({ type: 'read', config: { name: 'odd' }, policy: { onItemError: 'skip' } })
    expect((await finish(engine, document, { x: 2 })).output).toEqual({
      y: [
        { path: [0], hole: 'skipped' },
        { path: [1], value: 2 },
      ],
    })
  })

  it('fails with its first failing item otherwise', async () => {
    await open(odd)
    const record = await finish(engine, mapped({ type: 'read', config: { name: 'odd' } }), { x: [1, 3, 4, 5] })
    expect(record).toMatchObject({ status: 'failed', error: { code: 'even', node: 'b', path: [2] } })
  })

  it('has no more items in flight than its policy allows', async () => {
    let now = 0
    let most = 0
    await open({
      watch: async ({ inputs }) => {
        now += 1
        most = Math.max(most, now)
        await new Promise(setImmediate)
        now -= 1
        return { x: inputs.x }
      },
    })
    const document = mapped({ type: 'read', config: { name: 'watch' }, policy: { concurrency: 3 } })
    expect((await finish(engine, document, { x: 50 })).status).toBe('succeeded')
    expect(most).toBe(3)
  })

  it('branches and merges each item on its own', async () => {
    await open()
    const document = wire(
      {
        a: 'start',
        s: 'split',
        p: 'parity',
        e: { type: 'add', config: { by: 100 } },
        m: 'merge',
        g: 'gather',
        z: 'end',
      },
      'a.x > s.x',
      's.x > p.x',
      'p.even > e.x',
      'e.x > m.x',
      'p.odd > m.x',
      'm.x > g.x',
      'g.x > z.y',
    )
    expect((await finish(engine, document, { x: 4 })).output).toEqual({ y: [100, 1, 102, 3] })
  })

  it('nests, broadcasts outer values, and may need what was collected of itself', async () => {
    await open()
    const document = wire(
      {
        a: { type: 'start', config: { fields: { x: 'json', k: 'json' } } },
        rows: 'split',
        cells: 'split',
        cell: { type: 'add', config: { by: 0 } },
        inner: 'gather',
        outer: 'gather',
        share: { type: 'add', config: { by: 0 } },
        total: 'gather',
        z: { type: 'end', config: { fields: { rows: 'any', shares: 'any' } } },
      },
      'a.x > rows.x',
      'rows.x > cells.x',
      'cells.x > cell.x',
      'a.k > cell.x',
      'cell.x > inner.x',
      'inner.x > outer.x',
      'outer.x > z.rows',
      'rows.n > share.x',
      'inner.sum > share.x',
      'share.x > total.x',
      'total.x > z.shares',
    )
    const record = await finish(engine, document, { x: [[1, 2], [], [3]], k: 10 })
    expect(record.error).toBeNull()
    expect(record.output).toEqual({ rows: [[11, 12], [], [13]], shares: [26, 3, 16] })
    const cells = (await stepRows(database, record.id)).filter((row) => row.node === 'cell')
    expect(cells.map((row) => row.path).sort()).toEqual([
      [0, 0],
      [0, 1],
      [2, 0],
    ])
  })

  it('goes over its items again with what was collected of them', async () => {
    await open()
    const document = wire(
      {
        a: 'start',
        s: 'split',
        one: 'add',
        g: 'gather',
        two: { type: 'add', config: { by: 0 } },
        h: 'gather',
        z: 'end',
      },
      'a.x > s.x',
      's.x > one.x',
      'one.x > g.x',
      'g.sum > two.x',
      'one.x > two.x',
      'two.x > h.x',
      'h.x > z.y',
    )
    expect((await finish(engine, document, { x: 3 })).output).toEqual({ y: [7, 8, 9] })
  })

  it('does not hold back a branch for what another branch waits for outside the map', async () => {
    const told: string[] = []
    let measured: () => void = () => undefined
    const before = new Promise<void>((resolve) => {
      measured = resolve
    })
    await open({
      // Ends only when the other branch has passed all its items.
      train: async () => {
        await before
        told.push('trained')
        return { x: 100 }
      },
      measure: ({ inputs }) => {
        told.push(`before ${inputs.x}`)
        if (Number(inputs.x) === 2) measured()
        return { x: inputs.x }
      },
    })
    const document = wire(
      {
        a: 'start',
        s: 'split',
        t: { type: 'read', config: { name: 'train' } },
        old: { type: 'read', config: { name: 'measure' } },
        new: { type: 'add', config: { by: 0 } },
        g: 'gather',
        h: 'gather',
        z: { type: 'end', config: { fields: { before: 'any', after: 'any' } } },
      },
      'a.x > s.x',
      'a.x > t.x',
      's.x > old.x',
      's.x > new.x',
      't.x > new.x',
      'old.x > g.x',
      'new.x > h.x',
      'g.x > z.before',
      'h.x > z.after',
    )
    const record = await finish(engine, document, { x: 3 })
    expect(record.output).toEqual({ before: [0, 1, 2], after: [100, 101, 102] })
    expect(told).toEqual(['before 0', 'before 1', 'before 2', 'trained'])
  })

  it('of nothing collects nothing, and a source that is skipped starves who collects', async () => {
    await open()
    expect((await finish(engine, mapped({ type: 'add' }), { x: [] })).output).toEqual({ y: [] })
    const document = wire(
      { a: 'start', p: 'parity', s: 'split', b: 'add', g: 'gather' },
      'a.x > p.x',
      'p.even > s.x',
      's.x > b.x',
      'b.x > g.x',
    )
    const record = await finish(engine, document, { x: 1 })
    expect(record).toMatchObject({ status: 'succeeded', output: {} })
    expect((await stepRows(database, record.id)).map((row) => [row.node, row.status])).toEqual([
      ['a', 'succeeded'],
      ['p', 'succeeded'],
      ['s', 'skipped'],
      ['g', 'skipped'],
    ])
  })

  it('gives a list where mapped values are the output', async () => {
    await open()
    const document = wire({ a: 'start', s: 'split', b: 'add', z: 'end' }, 'a.x > s.x', 's.x > b.x', 'b.x > z.y')
    expect((await finish(engine, document, { x: 3 })).output).toEqual({ y: [1, 2, 3] })
  })

  it('tells counts instead of one event per item', async () => {
    await open()
    const { id } = await engine.start(request(mapped({ type: 'add-later' }), { x: 1_000 }))
    const events = await collect(engine, id)
    const told = events.filter((event) => event.type === 'map-progress')
    expect(told.length).toBeLessThan(100)
    for (const node of ['b', 'after'])
      expect(told.findLast((event) => event.node === node)).toMatchObject({ done: 1_000, failed: 0, ended: true })
  })
})
