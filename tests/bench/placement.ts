import type { Measure } from './engine.ts'
import { firstCome, patchbay } from './placement/schedulers.ts'
import { type Simulated, simulate } from './placement/simulate.ts'
import { makeJobs, makeMachines, type SimulatedMachine } from './placement/workload.ts'
import type { Table } from './report.ts'

const hour = 3_600_000

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** (Σx)² ÷ (n · Σx²) of R. Jain, D. Chiu and W. Hawe, DEC-TR-301, 1984: 1 when all have the same, 1/n when one has all. */
const jain = (values: readonly number[]): number =>
  sum(values) ** 2 / (values.length * sum(values.map((value) => value ** 2)))

/** When the first tenant has nothing left that waits: until then all of them compete. */
const backlogged = ({ placed }: Simulated): number =>
  Math.min(...[...Map.groupBy(placed, ({ job }) => job.tenant).values()].map((of) => most(of.map(({ at }) => at))))

/** GPU-seconds that each tenant got until then, of jobs that go on too. */
const received = ({ placed }: Simulated, until: number): number[] => {
  const seconds = ({ job, at }: Simulated['placed'][number]) =>
    (Math.max(0, Math.min(until, at + job.seconds * 1_000) - at) / 1_000) * job.needs.gpus
  return [...Map.groupBy(placed, ({ job }) => job.tenant).values()].map((of) => sum(of.map(seconds)))
}

/** Everything waits from the time 0 on, so that a job's wait is the time when it was placed. */
const waitsOf = (placed: Simulated['placed']): { oldest: number; median: number } => {
  const waits = placed.map(({ at }) => at)
  return { oldest: most(waits), median: quantile(waits, 0.5) }
}

const figuresOf = (run: Simulated, machines: readonly SimulatedMachine[]) => {
  const until = backlogged(run)
  const shares = received(run, until)
  const all = waitsOf(run.placed)
  const ofTenants = [...Map.groupBy(run.placed, ({ job }) => job.tenant).values()].map(waitsOf)
  const large = waitsOf(run.placed.filter(({ job }) => job.needs.gpus === 8))
  return {
    p50: quantile(run.took, 0.5),
    p99: quantile(run.took, 0.99),
    jain: jain(shares),
    oldest: all.oldest / all.median,
    worstTenant: most(ofTenants.map(({ oldest, median }) => oldest / median)),
    large: large.oldest / hour,
    busy: (100 * sum(shares)) / ((until / 1_000) * sum(machines.map(({ gpus }) => gpus))),
    over: run.over / hour,
  }
}

/** Measures who gets which job: the server's own code, with simulated workers, jobs and time. */
export const benchPlacement = async (): Promise<Table> => {
  const jobs = makeJobs(100_000)
  const machines = makeMachines(1_000)
  const ours = figuresOf(await simulate(jobs, machines, patchbay), machines)
  const peer = figuresOf(await simulate(jobs, machines, firstCome), machines)
  const row = (what: string, key: keyof typeof ours, unit: Measure['unit'], goal?: string): Measure => ({
    what,
    value: ours[key],
    unit,
    bound: peer[key],
    ...(goal !== undefined && { goal }),
  })
  return {
    title: 'Placement of 100,000 jobs of 10 tenants on 1,000 workers with 2,400 GPUs',
    note: [
      'The dispatcher as it is, in simulated time: only workers, jobs and leases are made up. All jobs wait when the clock begins, those of all tenants mixed; the most demanding tenant asks for 6 times as many GPU-seconds as the least, jobs take 30 s to 4 h and 1, 2, 4 or 8 GPUs with 8 to 72 GB. Beside it: the same jobs first come, first served, where a worker that asks gets the oldest job that it can do.',
      'A decision is the real time from a worker’s question, or from when it is woken, until its job is chosen; the lease in the database is not in it. Jain’s index is (Σx)² ÷ (n · Σx²) (DEC-TR-301, 1984) over the GPU-seconds x that each of the n = 10 tenants got until the first of them had nothing left that waits. Waits are those of all 100,000 jobs, from the beginning until the job is placed; “in a tenant” compares the jobs of one tenant, where that is worst.',
    ].join('\n\n'),
    beside: 'first come, first served',
    measures: [
      row('a decision, p50', 'p50', 'ms'),
      row('a decision, p99', 'p99', 'ms', '≤ 1'),
      row('Jain’s index while all tenants wait', 'jain', 'of 1', '≥ 0.95'),
      row('oldest wait, in medians of all jobs', 'oldest', '×', '≤ 3'),
      row('oldest wait in a tenant, in its medians', 'worstTenant', '×', '≤ 3'),
      row('oldest wait of a job of 8 GPUs', 'large', 'h'),
      row('GPUs at work while all tenants wait', 'busy', '%'),
      row('everything is done after', 'over', 'h'),
    ],
  }
}
