import type { JobNeeds, WorkerOffer } from '../protocol.ts'
import type { Space } from './place.ts'

/** What a worker can do, and has with nothing else to do. */
export type Able = Space & { capabilities: readonly string[] }
/** Why no worker could ever do a job: what none has, and the most that one has of it (a number of GPUs, or bytes). */
export type JobLack = { what: 'capability' } | { what: 'gpus' | 'memory'; needs: number; most: number }

/** What an offer says: memory is that of its smallest GPU, or the machine's where it has none. */
export const spaceOf = ({ devices }: Pick<WorkerOffer, 'devices'>): Space => {
  const gpus = devices.filter(({ kind }) => kind === 'cuda')
  const memory = gpus.length > 0 ? Math.min(...gpus.map(({ memory: of }) => of)) : (devices[0]?.memory ?? 0)
  return { gpus: gpus.length, memory }
}

const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)

/** Undefined where one of these workers can do it, now or later. */
export const lackOf = (workers: readonly Able[], { capability, gpus, memory }: JobNeeds): JobLack | undefined => {
  const able = workers.filter(({ capabilities }) => capabilities.includes(capability))
  if (able.length === 0) return { what: 'capability' }
  const wide = able.filter((worker) => worker.gpus >= gpus)
  if (wide.length === 0) return { what: 'gpus', needs: gpus, most: most(able.map((worker) => worker.gpus)) }
  const room = most(wide.map((worker) => worker.memory))
  return room >= memory ? undefined : { what: 'memory', needs: memory, most: room }
}

const gigabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 30)} GB`
const count = (gpus: number): string => (gpus === 1 ? '1 GPU' : `${gpus} GPUs`)

/** @example lackText('train', { what: 'gpus', needs: 8, most: 2 }) */
export const lackText = (kind: string, lack: JobLack): string => {
  if (lack.what === 'capability') return `No worker can do a "${kind}" job.`
  const show = lack.what === 'gpus' ? count : gigabytes
  const what = lack.what === 'gpus' ? '' : ' of memory for it'
  return `No worker that can do a "${kind}" job has ${show(lack.needs)}${what}; the most that one has is ${show(lack.most)}.`
}
