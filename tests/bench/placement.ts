import { setImmediate as turn } from 'node:timers/promises'
import type { Measure } from './engine.ts'
import { firstCome, patchbay } from './placement/schedulers.ts'
import { type Simulated, simulate } from './placement/simulate.ts'
import { makeJobs, makeMachines, type SimulatedJob } from './placement/workload.ts'
import type { Table } from './report.ts'

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ?? 0

/** R. Jain, D. Chiu, W. Hawe, DEC-TR-301 (1984): (Σx)² ÷ (n · Σx²); 1 when all have the same, 1/n when one has all. */
const jain = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0)
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0))
}

/** When the first tenant has nothing left that waits: until then all compete. */
const backlogged = ({ placed }: Simulated): number => {
  const last = new Map<string, number>()
  for (const { job, at } of placed) last.set(job.tenant, Math.max(last.get(job.tenant) ?? 0, at))
  return Math.min(...last.values())
}
/** GPU-seconds of each tenant until then, of jobs that go on too. */
const received = ({ placed }: Simulated, until: number): Map<string, number> => {
  const sums = new Map<string, number>()
  for (const { job, at } of placed) {
    const seconds = Math.max(0, Math.min(until, at + job.seconds * 1_000) - at) / 1_000
    sums.set(job.tenant, (sums.get(job.tenant) ?? 0) + seconds * job.needs.gpus)
  }
  return sums
}

const figures = (run: Simulated, gpus: number) => {
  const until = backlogged(run)
  const shares = [...received(run, until).values()]
  const waits = run.placed.map(({ at }) => at / 60_000)
  const large = run.placed.filter(({ job }) => job.needs.gpus === 8).map(({ at }) => at / 60_000)
  return {
    p99: quantile(run.took, 0.99),
    most: Math.max(...run.took.slice(100)),
    jain: jain(shares),
    oldest: Math.max(...waits) / quantile(waits, 0.5),
    largeOldest: Math.max(...large) / quantile(waits, 0.5),
    median: quantile(waits, 0.5),
    busy: (shares.reduce((sum, share) => sum + share, 0) / ((until / 1_000) * gpus)) * 100,
    over: run.over / 3_600_000,
    window: until / 3_600_000,
    counted: run.took.length,
    tenants: [...Map.groupBy(run.placed, ({ job }) => job.tenant)].map(([t, list]) => { const w = list.map((p) => p.at / 60000); return `${t} ${(Math.max(...w) / quantile(w, 0.5)).toFixed(2)} ${quantile(w,.5).toFixed(0)}` }),
  }
}

if (process.argv[1] === import.meta.filename) {
  const jobs = makeJobs(100_000)
  const machines = makeMachines(1_000)
  const gpus = machines.reduce((s, m) => s + m.gpus, 0)
  const demand = new Map<string, number>()
  for (const j of jobs) demand.set(j.tenant, (demand.get(j.tenant) ?? 0) + j.seconds * j.needs.gpus)
  console.log(gpus, [...demand.entries()].sort().map(([t, d]) => `${t} ${(d / 1e6).toFixed(1)}M`).join(' '))
  for (const [name, s] of [['patchbay', patchbay], ['fcfs', firstCome]] as const) {
    const b = performance.now()
    const run = await simulate(jobs, machines, s)
    console.log(name, ((performance.now() - b) / 1000).toFixed(1), 's', figures(run, gpus))
  }
}
