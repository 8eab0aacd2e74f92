import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, imbalance, route, worthwhileShare } from './route.ts'

const at = (id: string, load: number, share = 0, served = 0): Candidate => ({ id, load, share, served })

describe('routing', () => {
  it.each<[string, Candidate[], string | undefined]>([
    ['nobody where there is nobody', [], undefined],
    ['the idlest', [at('a', 3), at('b', 1), at('c', 2)], 'b'],
    ['of equally busy ones the one that was given least', [at('a', 1, 0, 9), at('b', 1, 0, 2)], 'b'],
    ['whoever knows the beginning, though busier', [at('a', 0), at('b', 20, 0.8)], 'b'],
    ['not for a beginning that is hardly known', [at('a', 0), at('b', 1, worthwhileShare)], 'a'],
    ['of two that know as much the idler', [at('a', 9, 0.5), at('b', 2, 0.5), at('c', 0)], 'b'],
    ['the idlest when the loads differ too much', [at('a', 0), at('b', imbalance.requests + 1, 1)], 'a'],
    ['whoever knows it when all are busy alike', [at('a', 200), at('b', 290, 1)], 'b'],
  ])('takes %s', (_, candidates, id) => expect(route(candidates)?.id).toBe(id))

  it('never sends a request where more than both bounds more is going on than elsewhere', () => {
    const candidates = fc.array(fc.tuple(fc.nat(500), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(candidates, (of) => {
        const all = of.map(([load, share], id) => at(String(id), load, share))
        const idlest = Math.min(...all.map(({ load }) => load))
        const { load } = route(all) as Candidate
        expect(load > idlest + imbalance.requests && load > idlest * imbalance.factor).toBe(false)
      }),
    )
  })
})
