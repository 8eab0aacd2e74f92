import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Engine } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { collect, openEngine, request } from '../support/engines.ts'
import { manualClock } from '../support/manual-clock.ts'
import { createDatabase } from '../support/postgres.ts'
import { wire } from '../support/wire.ts'

const document = wire({ a: 'start', b: { type: 'read', config: { name: 'hold' } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')

// Only PostgreSQL is shared by several processes.
describe('A run of another process', () => {
  let databases: [Database, Database]
  let owner: Engine
  let other: Engine
  let release = () => {}
  let begun = () => {}
  let aborted = false
  beforeAll(async () => {
    const url = await createDatabase(inject('postgresUrl'))
    databases = [await openDatabase({ url }), await openDatabase({ url })]
    owner = await openEngine(databases[0], {
      hold: ({ signal, inputs }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        begun()
        return new Promise((resolve) => {
          release = () => resolve({ x: inputs.x })
        })
      },
    })
    other = await openEngine(databases[1])
  })
  afterAll(async () => {
    await other.stop()
    await owner.stop()
    for (const database of databases) await database.close()
  })
  const start = async () => {
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    const { id } = await owner.start(request(document, { x: 1 }))
    await running
    return id
  }

  it('can be waited for and followed', async () => {
    const id = await start()
    const events = collect(other, id)
    const waiting = other.wait(id, 20_000)
    expect(await other.wait(id, 0)).toMatchObject({ status: 'running' })
    release()
    expect(await waiting).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    const told = await events
    expect(told.map((event) => event.type)).toEqual(['run-start', 'step-end', 'step-end', 'step-end', 'run-end'])
    expect(told.flatMap((event) => ('seq' in event ? [event.seq] : []))).toEqual([1, 2, 3, 4])
  })

  it('can be cancelled, which reaches the step in flight within a second', async () => {
    const id = await start()
    const events = collect(owner, id)
    const since = performance.now()
    expect(await other.cancel('elsewhere', id)).toBe(false)
    expect(await other.cancel('local', id)).toBe(true)
    expect(await owner.wait(id, 5_000)).toMatchObject({ status: 'cancelled' })
    expect(performance.now() - since).toBeLessThan(1_000)
    expect(aborted).toBe(true)
    expect((await events).at(-1)).toMatchObject({ type: 'run-end', status: 'cancelled' })
    expect(await owner.cancel('local', id)).toBe(false)
  })
})

describe('A run whose start is still being written', () => {
  it('is not taken for one that was lost by the round that looks for such', async () => {
    const database = await openDatabase({ url: await createDatabase(inject('postgresUrl')) })
    const clock = manualClock()
    const written = Promise.withResolvers<void>()
    const held: Database = {
      ...database,
      query: async (sql, params) => {
        if (sql.includes('journal_flush')) await written.promise
        return database.query(sql, params)
      },
    }
    const finish = Promise.withResolvers<void>()
    const engine = await openEngine(
      held,
      { hold: ({ inputs }) => finish.promise.then(() => ({ x: inputs.x })) },
      { clock },
    )
    const starting = engine.start(request(document, { x: 1 }))
    for (let round = 0; round < 2; round += 1) {
      await clock.sleeper(2_000)
      clock.advance(2_000)
    }
    await clock.sleeper(2_000)
    written.resolve()
    finish.resolve()
    const { id } = await starting
    expect(await engine.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    await engine.stop()
    await database.close()
  })
})
