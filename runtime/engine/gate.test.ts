import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createGate } from './gate.ts'

it('never lets more in than it has places, lets all in at last, and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 40 }), async (places, visits) => {
      const gate = createGate(places)
      const entered: number[] = []
      let inside = 0
      const visit = async (ticks: number, number: number) => {
        await gate.enter()
        entered.push(number)
        inside += 1
        expect(inside).toBeLessThanOrEqual(places)
        for (let tick = 0; tick < ticks; tick += 1) await undefined
        inside -= 1
        gate.leave()
      }
      // Two waves: the second finds the places that the first left.
      await Promise.all(visits.map(visit))
      await Promise.all(visits.map((ticks, at) => visit(ticks, visits.length + at)))
      expect(entered).toEqual(Array.from({ length: visits.length * 2 }, (_, at) => at))
    }),
  )
})
