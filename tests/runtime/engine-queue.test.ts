import { expect, it } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { openEngine, request } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const document = wire({ a: 'start', b: { type: 'read', config: { name: 'hold' } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')

eachDatabase('Runs beyond the places of a process', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  it('wait in the database and are taken on in their order as places become free', async () => {
    const begun: unknown[] = []
    const release: (() => void)[] = []
    let reach = () => {}
    let target = 0
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        target = count
        reach = resolve
        if (begun.length >= target) resolve()
      })
    const engine = await openEngine(
      database,
      {
        hold: ({ inputs }) => {
          begun.push(inputs.x)
          if (begun.length >= target) reach()
          return new Promise((resolve) => release.push(() => resolve({ x: inputs.x })))
        },
      },
      { runs: 2 },
    )
    const ids: string[] = []
    for (let x = 0; x < 6; x += 1) ids.push((await engine.start(request(document, { x }))).id)
    expect(begun).toEqual([0, 1])
    const queued = await database.query<{ id: string }>(`select id from run where status = 'queued' order by id`)
    expect(queued.map((row) => row.id)).toEqual(ids.slice(2))

    for (const x of [0, 1, 2, 3, 4, 5]) {
      await until(x + 1)
      release[x]?.()
    }
    for (const [x, id] of ids.entries())
      expect(await engine.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: x } })
    expect(begun).toEqual([0, 1, 2, 3, 4, 5])
    await engine.stop()
  })

  it('can be cancelled while they wait, and never start', async () => {
    const begun: unknown[] = []
    const engine = await openEngine(
      database,
      {
        hold: ({ inputs }) => {
          begun.push(inputs.x)
          return new Promise(() => {})
        },
      },
      { runs: 1 },
    )
    const first = await engine.start(request(document, { x: 1 }))
    const second = await engine.start(request(document, { x: 2 }))
    expect(await engine.cancel('local', second.id)).toBe(true)
    expect(await engine.wait(second.id, 5_000)).toMatchObject({ status: 'cancelled' })
    expect(await engine.cancel('local', first.id)).toBe(true)
    expect(begun).toEqual([1])
    await engine.stop()
  })
})
