import { beatEvery, type WorkerBeat, type WorkerOffer } from '#runtime/dispatch/protocol.ts'
import type { StartedServer } from '../../support/start-server.ts'

type Engine = { url: string; token?: string | undefined; model: string }

/** Enrols an engine at a server as a worker does, and says every 5 s that it lives. Resolves with the function that stops that. */
export const enrol = async (server: StartedServer, { url, token, model }: Engine): Promise<() => void> => {
  const send = async <Answer>(method: string, path: string, bearer: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${server.url}/api/workers${path}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? undefined : await response.json()) as Answer
  }
  const name = `bench-${model}`
  const once = await send<{ token: string }>('POST', '', server.adminToken)
  const worker = await send<{ token: string }>('POST', '/enrol', once.token, { name, version: '0' })
  const offer: WorkerOffer = {
    name,
    version: '0',
    url,
    engineToken: token ?? 'a token that the engine of the bench ignores',
    engines: [],
    devices: [],
    capabilities: ['chat'],
  }
  const beat: WorkerBeat = {
    state: 'ready',
    running: 0,
    waiting: 0,
    capacity: 64,
    freeMemory: 1e9,
    models: [{ id: model, state: 'ready', running: 0, waiting: 0 }],
    jobs: [],
  }
  await send('PUT', '/self', worker.token, offer)
  const tell = () => send('POST', '/self/beats', worker.token, beat)
  await tell()
  const timer = setInterval(() => void tell().catch((error: unknown) => console.error(error)), beatEvery)
  return () => clearInterval(timer)
}
