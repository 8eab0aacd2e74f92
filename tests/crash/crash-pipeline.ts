import { wire } from '../support/wire.ts'

/** Pure, waiting and writing steps, a branch, and a map: a kill can strike anywhere. */
export const crashPipeline = wire(
  {
    a: 'start',
    b: 'add',
    c: { type: 'read', config: { name: 'ponder' } },
    p: 'parity',
    e: { type: 'add', config: { by: 10 } },
    m: 'merge',
    w: { type: 'write', config: { name: 'ponder' } },
    s: 'split',
    i: { type: 'read', config: { name: 'ponder' } },
    g: 'gather',
    z: { type: 'end', config: { fields: { y: 'any', sum: 'any' } } },
  },
  'a.x > b.x',
  'b.x > c.x',
  'c.x > p.x',
  'p.even > e.x',
  'p.odd > m.x',
  'e.x > m.x',
  'm.x > w.x',
  'w.x > z.y',
  'b.x > s.x',
  's.x > i.x',
  'i.x > g.x',
  'g.sum > z.sum',
)

/** What a run of it gives, and the rows that it leaves. */
export const expected = (x: number) => {
  const b = x + 1
  return { output: { y: b % 2 === 0 ? b + 10 : b, sum: (b * (b - 1)) / 2 }, rows: 10 + b }
}
