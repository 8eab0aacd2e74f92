import { describe, expect, it } from 'vitest'
import { lanePath } from './cable-path.ts'
import { type Box, lanesFor } from './lanes.ts'

const box = (id: string, left: number, top = 0, height = 100): Box => ({
  id,
  left,
  top,
  right: left + 160,
  bottom: top + height,
  inputs: new Map([
    ['in', top + 49],
    ['in-2', top + 73],
  ]),
  outputs: new Map([
    ['out', top + 49],
    ['out-2', top + 73],
  ]),
})
const edge = (from: string, to: string) => ({ from, to })

describe('lanes', () => {
  it('leaves cables between neighbours free', () => {
    const found = lanesFor([edge('a.out', 'b.in'), edge('b.out', 'c.in')], [box('a', 0), box('b', 220), box('c', 440)])
    expect(found.size).toBe(0)
  })

  it('leads a cable around the node that it would pass behind', () => {
    const found = lanesFor([edge('a.out', 'c.in')], [box('a', 0), box('b', 220), box('c', 440)])
    expect(found.get('a.out>c.in')).toEqual({ x1: 178, y: -20, x2: 422 })
  })

  it('leaves a cable free that passes well above or below', () => {
    expect(lanesFor([edge('a.out', 'c.in')], [box('a', 0), box('b', 220, 300), box('c', 440)]).size).toBe(0)
  })

  it('shares a lane among cables of one output and sets others beside it', () => {
    const boxes = [box('a', 0), box('b', 220), box('c', 440), box('d', 660)]
    const found = lanesFor([edge('a.out', 'c.in'), edge('a.out', 'd.in'), edge('a.out-2', 'd.in-2')], boxes)
    const [one, two, three] = [...found.values()]
    expect(one?.y).toBe(two?.y)
    expect(Math.abs((three?.y ?? 0) - (two?.y ?? 0))).toBeGreaterThanOrEqual(10)
  })

  it('passes whatever stands above or below too', () => {
    const boxes = [box('a', 0), box('b', 220), box('over', 220, -110), box('c', 440)]
    const lane = lanesFor([edge('a.out', 'c.in')], boxes).get('a.out>c.in')
    expect(lane?.y).toBe(120)
  })

  it('draws level and upright stretches with round corners from end to end', () => {
    const { path, middle } = lanePath({ x: 160, y: 49 }, { x: 440, y: 49 }, { x1: 178, y: 120, x2: 422 })
    expect(path.startsWith('M160 49L169 49Q178 49 178 58')).toBe(true)
    expect(path.endsWith('L440 49')).toBe(true)
    expect(middle).toEqual({ x: 300, y: 120 })
  })
})
