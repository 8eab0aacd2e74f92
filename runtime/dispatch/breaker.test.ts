import { expect, it } from 'vitest'
import { createBreaker } from './breaker.ts'

const open = () => {
  let time = 0
  const breaker = createBreaker({ failures: 3, first: 1_000, most: 4_000, now: () => time })
  const fail = () => {
    breaker.begin()
    breaker.fail('refused')
  }
  return { breaker, fail, pass: (ms: number) => (time += ms) }
}

it('opens after failures in a row, not after failures among successes', () => {
  const { breaker, fail } = open()
  for (let round = 0; round < 5; round += 1) {
    fail()
    fail()
    breaker.ok()
  }
  expect(breaker.may()).toBe(true)
  for (let round = 0; round < 3; round += 1) fail()
  expect(breaker.may()).toBe(false)
  expect(breaker.state()).toEqual({ reason: 'refused', until: 1_000 })
})
it('lets one try when the time is over, and closes when that went well', () => {
  const { breaker, fail, pass } = open()
  for (let round = 0; round < 3; round += 1) fail()
  pass(1_000)
  expect(breaker.may()).toBe(true)
  breaker.begin()
  expect(breaker.may()).toBe(false)
  breaker.ok()
  expect(breaker.may()).toBe(true)
  expect(breaker.state()).toBeNull()
})
it('stays open twice as long each time, up to a bound', () => {
  const { breaker, fail, pass } = open()
  for (let round = 0; round < 3; round += 1) fail()
  const waits: number[] = []
  for (let round = 0, before = 0; round < 4; round += 1) {
    const until = breaker.state()?.until ?? 0
    waits.push(until - before)
    before = until
    pass(waits.at(-1) as number)
    fail()
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 4_000])
})
it('counts calls that fail together as one reason, and a caller that left as none', () => {
  const { breaker, fail, pass } = open()
  for (let round = 0; round < 8; round += 1) fail()
  expect(breaker.state()?.until).toBe(1_000)
  pass(1_000)
  breaker.begin()
  breaker.left()
  expect(breaker.state()).not.toBeNull()
  expect(breaker.may()).toBe(true)
})
