import { describe, expect, it } from 'vitest'
import { createMeter, firstGuess, type HeldJob } from './meter.ts'

const job = (id: string, more: Partial<HeldJob> = {}): HeldJob => ({
  workspace: 'w',
  id,
  attempt: 1,
  tenant: 'a',
  needs: { gpus: 2 },
  ...more,
})
/** A meter with a clock in seconds, and what each tenant was charged. */
const metered = () => {
  const time = { now: 0 }
  const given = new Map<string, number>()
  const meter = createMeter({
    charge: (_, tenant, amount) => void given.set(tenant, (given.get(tenant) ?? 0) + amount),
    now: () => time.now * 1_000,
  })
  return { time, given, meter }
}

describe('the meter of GPU-seconds', () => {
  it('charges an estimate at first, and at the end what a job really took', () => {
    const { time, given, meter } = metered()
    meter.begin(job('1'))
    expect(given.get('a')).toBe(2 * firstGuess)
    time.now = 10
    meter.end('1')
    expect(given.get('a')).toBe(20)
    expect(meter.held()).toEqual([])
  })
  it('learns how long the jobs of a tenant are, which says nothing of another', () => {
    const { time, meter } = metered()
    meter.begin(job('1'))
    time.now = 600
    meter.end('1')
    expect(meter.price(job('2'))).toBe(1_200)
    expect(meter.price(job('3', { tenant: 'b' }))).toBe(2 * firstGuess)
  })
  it('charges more while a job goes on for longer than was thought', () => {
    const { time, given, meter } = metered()
    meter.begin(job('1'))
    time.now = firstGuess - 1
    meter.look()
    expect(given.get('a')).toBe(2 * firstGuess)
    time.now = 500
    meter.look()
    meter.look()
    expect(given.get('a')).toBe(1_000)
    time.now = 510
    meter.end('1', 4_000)
    expect(given.get('a')).toBe(1_012)
  })
  it('counts a job without a GPU like one with one', () => {
    const { meter } = metered()
    expect(meter.price(job('1', { needs: { gpus: 0 } }))).toBe(firstGuess)
  })
  it('charges an attempt once, whoever tells of it first, and each attempt for itself', () => {
    const { time, given, meter } = metered()
    // Seen in the table, then told by the one who gave it and had charged it before.
    meter.begin(job('1'))
    meter.begin(job('1'), 70)
    expect(given.get('a')).toBe(2 * firstGuess - 70)
    time.now = 20
    meter.begin(job('1', { attempt: 2 }))
    expect(meter.has('1', 1)).toBe(false)
    expect(meter.has('1', 2)).toBe(true)
    time.now = 50
    meter.end('1')
    expect(given.get('a')).toBe(100 - 70)
  })
})
