import { setImmediate as tick } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Engine } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { openEngine, request } from '../support/engines.ts'
import { unreliable } from '../support/unreliable.ts'
import { wire } from '../support/wire.ts'

const pure = wire({ a: 'start', z: 'end' }, 'a.x > z.y')
const reading = (name: string) =>
  wire({ a: 'start', b: { type: 'read', config: { name } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')
/** Until what was given to the journal is on its way, if there is room. */
const sending = async () => {
  for (let turn = 0; turn < 4; turn += 1) await tick()
}

eachDatabase('An engine whose database stalls', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  const open = async (runs: number) => {
    const door = unreliable(database)
    const answer = Promise.withResolvers<{ x: unknown }>()
    let held = 0
    const engine = await openEngine(
      door.database,
      {
        answer: () => answer.promise,
        hold: () => {
          held += 1
          return new Promise(() => {})
        },
      },
      { runs, patience: 1_000 },
    )
    return { engine, door, held: () => held, answer: () => answer.resolve({ x: 1 }) }
  }
  /** Fills the engine with runs that stay: as many begin as there are places. */
  const allPlaces = async (engine: Engine, held: () => number, runs: number) => {
    for (let run = 0; run < runs; run += 1) await engine.start(request(reading('hold'), { x: run }))
    await expect.poll(held, { timeout: 5_000 }).toBe(runs)
    await engine.stop(0)
  }
  const refused = { status: 'rejected', reason: { code: 'database-down' } }

  it('has its places back after starts were refused, those that were on their way and those behind them', async () => {
    const { engine, door, held } = await open(3)
    door.hold()
    const starts: Promise<unknown>[] = []
    for (let x = 0; x < 3; x += 1) {
      starts.push(engine.start(request(pure, { x })))
      // Each in a flush of its own: two are on their way, the third waits.
      await sending()
    }
    expect(await Promise.allSettled(starts)).toMatchObject([refused, refused, refused])
    door.release()
    await allPlaces(engine, held, 3)
  })

  it('has its place back after a start was refused whose steps went on behind it', async () => {
    const { engine, door, held, answer } = await open(1)
    door.hold()
    const started = engine.start(request(reading('answer'), { x: 1 }))
    await sending()
    answer()
    expect(await Promise.allSettled([started])).toMatchObject([refused])
    door.release()
    await allPlaces(engine, held, 1)
  })

  it.each([
    ['a primary that is read-only for a moment', '25006'],
    ['a password that was changed', '28P01'],
    ['an error of the server itself', 'XX000'],
  ])('waits out %s', async (_, code) => {
    const { engine, door } = await open(1)
    door.refuse(code, 3)
    const { id } = await engine.start(request(pure, { x: 1 }))
    expect(await engine.wait(id, 20_000)).toMatchObject({ status: 'succeeded' })
    await engine.stop(0)
  })

  it('has its place back after a start that could not be stored', async () => {
    const { engine, held } = await open(1)
    await expect(engine.start(request(pure, { x: 1 }, { version: 2 ** 40 }))).rejects.toMatchObject({
      code: 'bad-input',
    })
    await allPlaces(engine, held, 1)
  })
})
