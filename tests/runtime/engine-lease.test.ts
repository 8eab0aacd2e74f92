import { expect, it } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase, openOnce } from '../support/databases.ts'
import { openEngine, request, stepRows } from '../support/engines.ts'
import { wire } from '../support/wire.ts'

const document = wire({ a: 'start', b: { type: 'read', config: { name: 'hold' } }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')

/** A step that is held until the test lets it go; `begun` tells how often it began. */
const held = () => {
  const waiting: (() => void)[] = []
  let look = () => {}
  return {
    hold: ({ inputs }: { inputs: { x?: unknown } }) =>
      new Promise((resolve) => {
        waiting.push(() => resolve({ x: inputs.x }))
        look()
      }),
    begun: (count: number) =>
      new Promise<void>((resolve) => {
        look = () => waiting.length >= count && resolve()
        look()
      }),
    release: () => {
      for (const go of waiting) go()
    },
  }
}

eachDatabase('A process', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })
  const bury = () => database.query('update server_node set alive = false')

  it('that was held for dead begins anew, and its runs go on once', async () => {
    const step = held()
    const engine = await openEngine(database, { hold: step.hold })
    const { id } = await engine.start(request(document, { x: 7 }))
    await step.begun(1)
    await bury()
    // The first thing that it writes is refused; a start is then made under a new name.
    expect(await engine.start(request(wire({ a: 'start' }), { x: 1 }))).toMatchObject({ repeated: false })
    await step.begun(2)
    step.release()
    expect(await engine.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: 7 } })
    expect((await stepRows(database, id)).map((row) => row.node)).toEqual(['a', 'b', 'z'])
    await engine.stop()
  })

  it('that stops lets its steps end, makes them durable, and starts no more', async () => {
    const step = held()
    const first = await openEngine(database, { hold: step.hold })
    const { id } = await first.start(request(document, { x: 7 }))
    await step.begun(1)
    const stopping = first.stop()
    await expect(first.start(request(document, { x: 8 }))).rejects.toMatchObject({ code: 'stopping' })
    step.release()
    await stopping
    expect((await stepRows(database, id)).map((row) => row.node)).toEqual(['a', 'b'])
    const second = await openEngine(database)
    expect(await second.wait(id, 20_000)).toMatchObject({ status: 'succeeded', output: { y: 7 } })
    await second.stop()
  })

  it('tells a listener who comes in the middle what a step has streamed so far', async () => {
    let go = () => {}
    let begun = () => {}
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    const engine = await openEngine(database, {
      hold: async ({ emit }) => {
        for (const piece of ['one ', 'two ']) emit('x', piece)
        begun()
        await new Promise<void>((resolve) => {
          go = resolve
        })
        emit('x', 'three')
        return { x: 'one two three' }
      },
    })
    const { id } = await engine.start(request(document, { x: 0 }))
    await running
    const told: string[] = []
    for await (const event of engine.events(id)) {
      if (event.type === 'step-delta') {
        told.push(event.delta)
        go()
      }
    }
    expect(told).toEqual(['one two ', 'three'])
    await engine.stop()
  })
})
