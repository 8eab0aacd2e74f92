import { expect, it } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { collect, cuttable, openEngine, passLease, request, stepRows } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const document = wire(
  { a: 'start', b: 'add', c: { type: 'write', config: { name: 'hold' } }, d: 'add', z: 'end' },
  'a.x > b.x',
  'b.x > c.x',
  'c.x > d.x',
  'd.x > z.y',
)

eachDatabase('A run whose process dies', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  /** Starts a run in a process that dies while step c is in flight; `again` are the lives in which c hangs too. */
  const die = async (id?: string): Promise<{ id: string; keys: string[] }> => {
    const keys: string[] = []
    let held = () => {}
    const holding = new Promise<void>((resolve) => {
      held = resolve
    })
    const dying = cuttable(database)
    const engine = await openEngine(dying, {
      hold: ({ idempotencyKey }) => {
        keys.push(idempotencyKey)
        held()
        return new Promise(() => {})
      },
    })
    const run = id ?? (await engine.start(request(document, { x: 1 }))).id
    await holding
    dying.cut()
    await passLease(database)
    return { id: run, keys }
  }

  it('goes on elsewhere: what is committed is not executed again, what was in flight keeps its key', async () => {
    const { id, keys } = await die()
    const before = await stepRows(database, id)
    expect(before.map((row) => row.node)).toEqual(['a', 'b'])
    const second = await openEngine(database, {
      hold: ({ idempotencyKey, inputs }) => {
        keys.push(idempotencyKey)
        return { x: inputs.x }
      },
    })
    expect(await second.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: 3 } })
    expect(keys).toEqual([`${id}/c`, `${id}/c`])
    const rows = await stepRows(database, id)
    expect(rows.map((row) => row.node)).toEqual(['a', 'b', 'c', 'd', 'z'])
    expect(rows.slice(0, 2)).toEqual(before)
    const seqs = (await collect(second, id)).flatMap((event) => ('seq' in event ? [event.seq] : []))
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6])
    await second.stop()
  })

  it('is ended as recovery-limit when it brings down a third process', async () => {
    const { id } = await die()
    await die(id)
    await die(id)
    const last = await openEngine(database)
    expect(await last.wait(id, 20_000)).toMatchObject({ status: 'failed', error: { code: 'recovery-limit' } })
    expect((await stepRows(database, id)).map((row) => row.node)).toEqual(['a', 'b'])
    await last.stop()
  })

  it('keeps the items of its map, and executes only those that are missing', async () => {
    const map = wire(
      { a: 'start', s: 'split', m: { type: 'read', config: { name: 'half' } }, g: 'gather', z: 'end' },
      'a.x > s.x',
      's.x > m.x',
      'm.x > g.x',
      'g.x > z.y',
    )
    const dying = cuttable(database)
    let reached = () => {}
    const halfway = new Promise<void>((resolve) => {
      reached = resolve
    })
    const first = await openEngine(dying, {
      half: ({ inputs }) => {
        if (Number(inputs.x) < 5) return { x: inputs.x }
        reached()
        return new Promise(() => {})
      },
    })
    const { id } = await first.start(request(map, { x: 10 }))
    await halfway
    await rowsOf(id, 7)
    dying.cut()
    await passLease(database)
    const again: unknown[] = []
    const second = await openEngine(database, {
      half: ({ inputs }) => {
        again.push(inputs.x)
        return { x: inputs.x }
      },
    })
    const record = await second.wait(id, 20_000)
    expect(record).toMatchObject({ status: 'succeeded', output: { y: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } })
    expect(again).toEqual([5, 6, 7, 8, 9])
    await second.stop()
  })

  it('is handed back by a process that stops, and costs it no recovery', async () => {
    let held = () => {}
    const holding = new Promise<void>((resolve) => {
      held = resolve
    })
    const first = await openEngine(database, {
      hold: () => {
        held()
        return new Promise(() => {})
      },
    })
    const { id } = await first.start(request(document, { x: 1 }))
    await holding
    await first.stop(0)
    expect(await first.start(request(document, { x: 1 })).catch((error) => error.code)).toBe('stopping')
    const second = await openEngine(database, { hold: ({ inputs }) => ({ x: inputs.x }) })
    expect(await second.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: 3 } })
    const [row] = await database.query<{ recoveries: number }>('select recoveries from run where id = $1::text::uuid', [
      id,
    ])
    expect(row?.recoveries).toBe(0)
    await second.stop()
  })

  /** The journal is written behind the engine's back; this waits for it by asking, not by time. */
  const rowsOf = async (id: string, count: number): Promise<void> => {
    while ((await stepRows(database, id)).length < count) await new Promise(setImmediate)
  }
})
