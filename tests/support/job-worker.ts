import { createHash } from 'node:crypto'
import type { Device, Lease, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import type { Ask } from './open-app.ts'

export const digestOf = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

export const gpu = (gigabytes: number): Device => ({
  kind: 'cuda',
  name: 'A',
  memory: gigabytes * 2 ** 30,
  freeMemory: gigabytes * 2 ** 30,
})
const cpu: Device = { kind: 'cpu', name: 'C', memory: 64e9, freeMemory: 48e9 }

type Asks = { ask: (method: string, path: string, options?: Ask) => Response | Promise<Response> }

/** A worker of the protocol that does what a test says: enrolled, and alive by its first beat. */
export const enrolWorker = async (app: Asks, { name = 'w', devices = [cpu], capabilities = ['train'] } = {}) => {
  const { token: once } = (await (await app.ask('POST', '/api/workers')).json()) as { token: string }
  const enrolled = await app.ask('POST', '/api/workers/enrol', { as: once, body: { name, version: '0' } })
  const { id, token } = (await enrolled.json()) as { id: string; token: string }
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.ask(method, path, { as: token, headers, ...(body !== undefined && { body }) })
  const offer: WorkerOffer = { name, version: '0', engines: [], devices, capabilities }
  await send('PUT', '/api/workers/self', offer)
  const beat = (jobs: string[] = []) =>
    send('POST', '/api/workers/self/beats', {
      state: 'ready',
      running: 0,
      waiting: 0,
      capacity: 1,
      freeMemory: 48e9,
      models: [],
      jobs,
    })
  await beat()
  return {
    id,
    token,
    send,
    beat,
    /** Asks once; undefined for 204. */
    next: async (more: { gpus?: number; memory?: number; wait?: number; capabilities?: string[] } = {}) => {
      const body = { capabilities, gpus: 0, memory: 64e9, wait: 0, ...more }
      const response = await send('POST', '/api/leases/next', body)
      if (response.status === 204) return undefined
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      return (await response.json()) as Lease
    },
    events: (job: string, attempt: number, events: unknown[] = []) =>
      send('POST', `/api/leases/${job}/events`, { attempt, events }),
    end: (
      job: string,
      attempt: number,
      how: Record<string, unknown> = { status: 'succeeded', outputs: {}, summary: {} },
    ) => send('POST', `/api/leases/${job}/end`, { attempt, ...how }),
  }
}
export type JobWorker = Awaited<ReturnType<typeof enrolWorker>>
