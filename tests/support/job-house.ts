import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { JobInfo, Page, TunedModelInfo } from '#server/api.ts'
import type { Ask } from './open-app.ts'
import { freePort } from './postgres.ts'
import { isRunning, processesIn } from './process-life.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { runTeach } from './training-scene.ts'

const adminToken = 'an-admin-token-for-tests'

/** A real server at one address that can be killed and started again, with what tests of jobs ask it. */
export const openJobHouse = async (databaseUrl?: string) => {
  const data = await mkdtemp(join(tmpdir(), 'patchbay-jobs-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let server: StartedServer | undefined
  const ask = async (method: string, path: string, { body, headers = {}, as = adminToken }: Ask = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        ...(as !== null && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await ask(method, path, { body })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    // The caller names the type that server/api.ts promises for this address.
    return (await response.json()) as Answer
  }
  const start = async () => {
    // Without a trainer the machine's own worker leaves the jobs to those of the test.
    const environment = { PORT: String(port), PATCHBAY_PYTHON: '/no/python' }
    server = await startServer({ data, environment, ...(databaseUrl !== undefined && { databaseUrl }) })
  }
  /** As `kill -9` does; none of its processes goes on without it. */
  const kill = async () => {
    const children = processesIn(server?.stderr() ?? '')
    await server?.end('SIGKILL')
    server = undefined
    for (const until = Date.now() + 10_000; children.some(isRunning) && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await start()
  return {
    url,
    data,
    ask,
    start,
    kill,
    teach: () => runTeach({ url, token: adminToken, call }),
    run: (id: string) => call<RunRecord>('GET', `/api/runs/${id}`),
    jobs: async () => (await call<Page<JobInfo>>('GET', '/api/jobs')).items,
    /** How many models came of all trainings. */
    models: async () =>
      (await call<Page<TunedModelInfo>>('GET', '/api/models/tuned')).items.flatMap(({ versions }) => versions).length,
    stop: async () => {
      await kill()
      await rm(data, { recursive: true, force: true })
    },
  }
}
export type JobHouse = Awaited<ReturnType<typeof openJobHouse>>
