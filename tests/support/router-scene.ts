import { asResponse } from '#runtime/dispatch/answer.ts'
import { createCalls } from '#runtime/dispatch/calls.ts'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import { usualLimits } from '#runtime/dispatch/flow.ts'
import type { WorkerBeat } from '#runtime/dispatch/protocol.ts'
import { createRouter, type RouterOptions } from '#runtime/dispatch/router.ts'
import type { Database } from '#runtime/store/database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { createWorker } from '#runtime/store/workers.ts'
import { type ScriptedAnswer, type ScriptedEngine, startScriptedEngine, streamWords } from './scripted-engine.ts'

export const sealer = openSealer({ key: 'k'.repeat(32), folder: '/nowhere', shared: true })
export const beat: WorkerBeat = {
  state: 'ready',
  running: 0,
  waiting: 0,
  capacity: 4,
  freeMemory: 1e9,
  models: [{ id: 'm', state: 'ready', running: 0, waiting: 0 }],
  jobs: [],
}
export const offer = {
  version: '0',
  engines: [],
  devices: [],
  capabilities: ['chat'],
  engineToken: 'a token of some length',
}

/** A router over workers whose engines answer as a test says, with a clock that the test moves. */
export const openRouterScene = async (database: Database, more: Partial<RouterOptions> = {}) => {
  await database.query('delete from worker')
  let passed = 0
  const fleet = await createFleet({
    database,
    sealer,
    log: () => undefined,
    now: () => performance.now() + passed,
  })
  const calls = createCalls()
  const router = createRouter({
    fleet,
    calls,
    limits: { ...usualLimits, patience: 300 },
    wakeFor: async () => false,
    resolveTuned: async () => undefined,
    known: async () => ['local:tiny'],
    ...more,
  })
  const engines: ScriptedEngine[] = []
  const engineOf = async (answer: ScriptedAnswer) => {
    const engine = await startScriptedEngine(answer)
    engines.push(engine)
    return engine
  }
  const call = (prompt = 'hi', signal = AbortSignal.timeout(10_000)) =>
    router.call({
      workspace: 'local',
      tenant: 't',
      model: 'local:m',
      path: '/chat/completions',
      body: { messages: [{ role: 'user', content: prompt }], stream: true },
      signal,
    })
  const ask = async (prompt?: string, signal?: AbortSignal) => asResponse(await call(prompt, signal))
  return {
    fleet,
    calls,
    router,
    engineOf,
    /** A worker whose engine answers so; without a url if it must fetch its calls. */
    add: async (name: string, answer = streamWords(name), reachable = true) => {
      const engine = await engineOf(answer)
      const { id } = await createWorker(database.query, 'local', name)
      await fleet.offered('local', id, { ...offer, name, ...(reachable && { url: engine.url }) })
      await fleet.beaten('local', id, beat)
      return Object.assign(engine, { id })
    },
    pass: (ms: number) => {
      passed += ms
    },
    /** Lets three heartbeats of a worker go missing; the others send theirs. `ms`: what of that time has not passed yet. */
    fallSilent: async (id: string, ms = 16_000) => {
      passed += ms
      await database.query(`update worker set seen_at = now() - interval '16 seconds' where id::text = $1`, [id])
      for (const other of fleet.list('local'))
        if (other.id !== id && other.beat) await fleet.beaten('local', other.id, other.beat)
      await fleet.read()
    },
    call,
    ask,
    wordOf: async (asked: Promise<Response>) => /"content":"(\w+)"/.exec(await (await asked).text())?.[1],
    close: async () => {
      router.stop()
      fleet.stop()
      for (const engine of engines) await engine.close()
    },
  }
}
export type RouterScene = Awaited<ReturnType<typeof openRouterScene>>
