import type { WaitingJob } from '#runtime/dispatch/jobs/place.ts'
import { seeded } from '../../support/random.ts'

/** A job whose length only the simulation knows. */
export type SimulatedJob = WaitingJob & { seconds: number }
export type SimulatedMachine = { id: string; gpus: number; memory: number }

type Choice<Value> = readonly (readonly [share: number, value: Value])[]
/** What a tenant sends: its share of all jobs, their middle length in seconds, how many GPUs they need, and GB on each. */
type Profile = { share: number; seconds: number; gpus: Choice<number>; memory: Choice<number> }

const few: Choice<number> = [[1, 1]]
const mixed: Choice<number> = [
  [0.65, 1],
  [0.24, 2],
  [0.08, 4],
  [0.03, 8],
]
const large: Choice<number> = [
  [0.6, 4],
  [0.4, 8],
]
const anyMemory: Choice<number> = [
  [0.5, 8],
  [0.25, 16],
  [0.15, 40],
  [0.1, 72],
]
/**
 * Ten tenants: some send a flood, some little; short jobs and long ones, one GPU or all of a machine. The most demanding one
 * asks for about twenty times as many GPU-seconds as the least demanding one.
 */
const profiles: readonly Profile[] = [
  { share: 0.306, seconds: 300, gpus: mixed, memory: anyMemory },
  { share: 0.2, seconds: 120, gpus: few, memory: [[1, 8]] },
  { share: 0.15, seconds: 600, gpus: few, memory: anyMemory },
  { share: 0.1, seconds: 240, gpus: mixed, memory: [[1, 16]] },
  { share: 0.08, seconds: 900, gpus: mixed, memory: anyMemory },
  { share: 0.06, seconds: 400, gpus: few, memory: [[1, 40]] },
  { share: 0.05, seconds: 300, gpus: mixed, memory: anyMemory },
  { share: 0.03, seconds: 600, gpus: large, memory: [[1, 72]] },
  { share: 0.02, seconds: 1_800, gpus: mixed, memory: anyMemory },
  { share: 0.004, seconds: 3_600, gpus: large, memory: [[1, 40]] },
]

const choose = <Value>(choice: Choice<Value>, at: number): Value => {
  let rest = at
  for (const [share, value] of choice) {
    rest -= share
    if (rest < 0) return value
  }
  return (choice.at(-1) as Choice<Value>[number])[1]
}

/** Jobs in the order in which they were sent, a millisecond apart, all of them before the time 0. Lengths vary by a factor of 4 both ways. */
export const makeJobs = (count: number, seed = 1): SimulatedJob[] => {
  const random = seeded(seed)
  const byShare = profiles.map((profile, at) => [profile.share, { ...profile, tenant: `t${at}` }] as const)
  return Array.from({ length: count }, (_, at) => {
    const { tenant, seconds, gpus, memory } = choose(byShare, random())
    return {
      workspace: 'w',
      id: `${at}`,
      tenant,
      priority: 0,
      since: at - count,
      needs: { capability: 'train', gpus: choose(gpus, random()), memory: choose(memory, random()) * 1e9 },
      seconds: seconds * 4 ** (2 * random() - 1),
    }
  })
}

/** Half of the machines have one GPU; a tenth has eight. */
const kinds: Choice<Omit<SimulatedMachine, 'id'>> = [
  [0.5, { gpus: 1, memory: 48e9 }],
  [0.25, { gpus: 2, memory: 48e9 }],
  [0.15, { gpus: 4, memory: 80e9 }],
  [0.1, { gpus: 8, memory: 80e9 }],
]
export const makeMachines = (count: number): SimulatedMachine[] =>
  Array.from({ length: count }, (_, at) => ({ id: `m${at}`, ...choose(kinds, (at + 0.5) / count) }))
