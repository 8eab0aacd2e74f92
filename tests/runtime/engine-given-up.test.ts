import { expect, it } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { DatabaseError } from '#runtime/store/database-error.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { collect, openEngine, request } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const document = wire({ a: 'start', b: { type: 'read', config: { name: 'hold' } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')

eachDatabase('A process whose database was away for longer than its lease', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  it('begins anew with all its places, and nobody waits for ever for what it could not write', async () => {
    let down: unknown
    const lost: Database = {
      ...database,
      query: (sql, params) =>
        sql.includes('journal_flush') && params?.[0] === down
          ? Promise.reject(new DatabaseError('connection-lost', 'The database is away.'))
          : database.query(sql, params),
    }
    const waiting = new Set<() => void>()
    const engine = await openEngine(
      lost,
      {
        hold: ({ inputs, signal }) =>
          new Promise((resolve) => {
            const go = () => resolve({ x: inputs.x })
            waiting.add(go)
            signal.addEventListener('abort', () => waiting.delete(go))
          }),
      },
      { runs: 3, patience: 60_000 },
    )
    const release = () => {
      for (const go of waiting) go()
      waiting.clear()
    }
    const ended = await engine.start(request(document, { x: 1 }))
    const cancelled = await engine.start(request(document, { x: 2 }))
    await expect.poll(() => waiting.size).toBe(2)
    const events = collect(engine, ended.id)
    // What is given to the journal of this life is never written.
    const [process] = await database.query<{ id: string }>('select id from server_node where alive')
    down = process?.id
    const cancelling = engine.cancel('local', cancelled.id)
    release()
    const idempotency = { trigger: 't', key: 'k', bodyDigest: 'b' }
    const starting = Promise.allSettled([engine.start(request(document, { x: 3 }, { idempotency }))])
    await database.query('update server_node set alive = false')

    expect(await starting).toMatchObject([{ status: 'rejected', reason: { code: 'database-down' } }])
    expect(await cancelling).toBe(true)
    expect(await engine.wait(cancelled.id, 5_000)).toMatchObject({ status: 'cancelled' })
    // The run that could not be ended begins its step anew, and there is room for two more.
    await expect.poll(() => waiting.size, { timeout: 10_000 }).toBe(1)
    for (const x of [4, 5]) await engine.start(request(document, { x }))
    await expect.poll(() => waiting.size, { timeout: 10_000 }).toBe(3)
    release()
    expect(await engine.wait(ended.id, 10_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    expect((await events).at(-1)).toMatchObject({ type: 'run-end', status: 'succeeded' })
    await engine.stop()
  })
})
