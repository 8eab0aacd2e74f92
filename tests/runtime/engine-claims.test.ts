import { expect, it } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { DatabaseError } from '#runtime/store/database-error.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { cuttable, openEngine, passLease, request } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const document = wire(
  {
    a: 'start',
    b: { type: 'read', config: { name: 'fill' } },
    c: { type: 'read', config: { name: 'hold' } },
    z: 'end',
  },
  'a.x > b.x',
  'b.x > c.x',
  'c.x > z.y',
)
const lost = () => new DatabaseError('connection-lost', 'The answer was lost.')

eachDatabase('A process that claims runs', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })
  /** Runs of a process that died while they held; an `x` above 1 fills an artifact. */
  const orphans = async (...xs: number[]) => {
    const dying = cuttable(database)
    let held = 0
    const engine = await openEngine(dying, {
      fill: ({ inputs }) => ({ x: 'x'.repeat(Number(inputs.x)) }),
      hold: () => {
        held += 1
        return new Promise(() => {})
      },
    })
    const ids: string[] = []
    for (const x of xs) ids.push((await engine.start(request(document, { x }))).id)
    await expect.poll(() => held).toBe(xs.length)
    const rows = () =>
      database.query('select 1 as ok from run_step where run_id = any ($1::text::uuid[])', [`{${ids}}`])
    await expect.poll(async () => (await rows()).length).toBe(2 * xs.length)
    dying.cut()
    await passLease(database)
    return ids
  }
  const goesOn = { hold: ({ inputs }: { inputs: { x?: unknown } }) => ({ x: String(inputs.x).length }) }
  /** The database, with its answers to some statements spoilt. */
  const spoilt = (answer: (sql: string, query: () => Promise<never>) => Promise<never>): Database => ({
    ...database,
    query: (sql, params) => answer(sql, () => database.query(sql, params) as Promise<never>),
  })

  it('ends the one with a missing artifact, and goes on with the others of the batch', async () => {
    const [damaged = '', healthy = ''] = await orphans(70_000, 1)
    const artifacts = await openTemporaryArtifacts()
    const engine = await openEngine(database, goesOn, { artifacts })
    expect(await engine.wait(healthy, 10_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    expect(await engine.wait(damaged, 10_000)).toMatchObject({
      status: 'failed',
      error: { code: 'cannot-resume', message: expect.stringContaining('Restore it from a backup') },
    })
    await engine.stop()
    await artifacts.close()
  })

  it('goes on with the one that it could not read the first time, and with the others at once', async () => {
    const ids = await orphans(1, 1)
    let times = 1
    const engine = await openEngine(
      spoilt((sql, query) =>
        sql.includes('from run_step where run_id') && times-- > 0
          ? Promise.reject(new DatabaseError('57014', 'canceling statement due to statement timeout'))
          : query(),
      ),
      goesOn,
    )
    for (const id of ids) expect(await engine.wait(id, 10_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    await engine.stop()
  })

  it('hands back those that it was given without hearing of it', async () => {
    const [id = ''] = await orphans(1)
    let times = 1
    const engine = await openEngine(
      spoilt(async (sql, query) => {
        const rows = await query()
        if (sql.includes('update run r set owner = $1') && times-- > 0) throw lost()
        return rows
      }),
      goesOn,
    )
    expect(await engine.wait(id, 10_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    await engine.stop()
  })

  it('does not hand back a run whose start is still being written', async () => {
    const answered = Promise.withResolvers<void>()
    const looked = Promise.withResolvers<void>()
    let failing = false
    const engine = await openEngine(
      spoilt(async (sql, query) => {
        if (failing && sql.includes('as found')) {
          failing = false
          throw lost()
        }
        const rows = await query()
        if (sql.includes('journal_flush')) await answered.promise
        if (sql.includes('select id from run where owner')) {
          expect(rows).toHaveLength(1)
          looked.resolve()
        }
        return rows
      }),
      { ...goesOn, fill: ({ inputs }) => ({ x: inputs.x }) },
      { patience: 20_000 },
    )
    failing = true
    const idempotency = { trigger: 't', key: 'k', bodyDigest: 'b' }
    const starting = engine.start(request(document, { x: 1 }, { idempotency }))
    await looked.promise
    answered.resolve()
    const { id } = await starting
    expect(await engine.wait(id, 10_000)).toMatchObject({ status: 'succeeded', output: { y: 1 } })
    const [row] = await database.query<{ epoch: number }>(
      'select run_epoch as epoch from run where id = $1::text::uuid',
      [id],
    )
    expect(row?.epoch).toBe(1)
    await engine.stop()
  })
})
