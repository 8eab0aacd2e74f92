import type { WorkerBeat, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import { beatEvery } from '#runtime/dispatch/protocol.ts'

type Called = { url: string; call: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer> }

const offer: WorkerOffer = {
  name: 'patient',
  version: '0.1.0',
  engines: [],
  devices: [{ kind: 'cpu', name: 'A processor with a long name', cores: 64, memory: 64e9, freeMemory: 48e9 }],
  capabilities: ['train'],
}
const beat: WorkerBeat = {
  state: 'ready',
  running: 0,
  waiting: 0,
  capacity: 1,
  freeMemory: 48e9,
  models: [{ id: 'broken.gguf', state: 'failed', reason: 'The file ends too early.', running: 0, waiting: 0 }],
  jobs: [],
}

/** A worker of the protocol that could train and takes no job, so that jobs wait. */
export const enrolIdleWorker = async (server: Called): Promise<{ id: string; stop: () => void }> => {
  const { token } = await server.call<{ token: string }>('POST', '/api/workers')
  const send = async (bearer: string, method: string, path: string, body: unknown): Promise<Response> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response
  }
  const enrolled = await send(token, 'POST', '/api/workers/enrol', { name: offer.name, version: offer.version })
  const { id, token: own } = (await enrolled.json()) as { id: string; token: string }
  await send(own, 'PUT', '/api/workers/self', offer)
  const live = () => send(own, 'POST', '/api/workers/self/beats', beat)
  await live()
  // A beat that fails shows as a lost worker.
  const timer = setInterval(() => void live().catch(() => undefined), beatEvery / 2)
  return { id, stop: () => clearInterval(timer) }
}
