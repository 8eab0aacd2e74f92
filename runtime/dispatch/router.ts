import type { Endpoint } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import type { Answer, Calls } from './calls.ts'
import type { Fleet, FleetWorker } from './fleet.ts'
import { createFlow, type FlowLimits, type Waiting } from './flow.ts'
import { blocksOf, createPrefixHistory } from './prefixes.ts'
import type { DesiredModel } from './protocol.ts'
import { type Candidate, route } from './route.ts'
import { postJson } from './send.ts'

export type ModelPath = '/chat/completions' | '/embeddings'
export type RoutedCall = {
  workspace: string
  /** Whose turn it is when many ask. */
  tenant: string
  /** `local:…` or `tuned:…` */
  model: string
  path: ModelPath
  body: Record<string, unknown>
  signal: AbortSignal
}
export type Router = {
  /** Sends a request to a worker that has the model, when it is its turn. @throws NodeError */
  call: (call: RoutedCall) => Promise<Response>
  /** For nodes: calls of the endpoint's `fetch` go through `call`. @throws NodeError `model-missing` */
  endpoint: (model: string, signal: AbortSignal, workspace: string) => Promise<Endpoint>
  /** Requests that wait here, by model. */
  waiting: () => Waiting[]
  counts: () => Counts
  stop: () => void
}
/** Since the start of this process. */
export type Counts = { calls: number; retries: number; failures: number; near: number }

export type RouterOptions = {
  fleet: Fleet
  calls: Calls
  limits: FlowLimits
  /** Makes a worker of this machine come up for a model that is a file here. False: it is none. */
  wakeFor: (model: string) => Promise<boolean>
  /** What a worker needs to serve a tuned model. */
  resolveTuned: (workspace: string, id: string) => Promise<DesiredModel | undefined>
  /** Models that could be named instead, for an error's text. */
  known: (workspace: string) => Promise<string[]>
  /** How long a model may take to be there, in ms. */
  patience?: number
}

/** As workers name it: `local:tiny` is their `tiny`. */
export const engineName = (model: string): string => (model.startsWith('local:') ? model.slice('local:'.length) : model)

/** Requests that a worker is given beyond those that it computes at once, so that it never waits for the next. */
const ahead = 4
/** Workers that one request is tried on. */
const mostTries = 3
/** The worker's own word that another one should be asked. */
const elsewhere = new Set([429, 502, 503])

const promptOf = ({ body, path }: RoutedCall): string =>
  path === '/chat/completions' ? JSON.stringify(body.messages ?? '') : ''

const unavailable = (model: string, cause: unknown) =>
  new NodeError(
    'no-worker',
    `No worker could answer for "${model}": ${cause instanceof Error ? cause.message : String(cause)}. It is tried again.`,
    { retry: 'later', cause, details: { model } },
  )

/** The first bytes of a body, so that a worker that dies before them can be replaced unnoticed; then the rest. */
const afterFirst = async ({ status, headers, body }: Answer, over: (error?: unknown) => void): Promise<Response> => {
  const reader = body?.getReader()
  const first = await reader?.read()
  if (!reader || !first || first.done) {
    over()
    return new Response(null, { status, headers })
  }
  let held: Uint8Array | undefined = first.value
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (held) {
          controller.enqueue(held)
          held = undefined
          return
        }
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          over()
          controller.close()
        } catch (error) {
          over(error)
          controller.error(error)
        }
      },
      async cancel(reason) {
        over()
        await reader.cancel(reason).catch(() => undefined)
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, { status, headers })
}

/** Sends requests to workers: in turn, to where their beginning is known or least is going on, and on to another before the first byte. */
export const createRouter = (options: RouterOptions): Router => {
  const { fleet, calls, limits, wakeFor, resolveTuned, known, patience = 60_000 } = options
  const flow = createFlow(limits)
  const prefixes = createPrefixHistory()
  const counts: Counts = { calls: 0, retries: 0, failures: 0, near: 0 }
  const deafen = fleet.onChange(flow.look)

  const serving = (workspace: string, name: string): FleetWorker[] =>
    fleet
      .list(workspace)
      .filter(
        ({ state, beat }) =>
          state === 'ready' && beat?.models.some(({ id, state }) => id === name && state !== 'failed'),
      )
  const room = (workspace: string, name: string) => () =>
    serving(workspace, name).reduce((sum, { open, beat }) => sum + (open ? (beat?.capacity ?? 1) * ahead : 0), 0)

  const changed = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        stop()
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = fleet.onChange(done)
      const timer = setTimeout(done, ms)
      signal.addEventListener('abort', done, { once: true })
    })

  /** A worker for a tuned model that nobody serves yet: one that has its base and the most free memory. */
  const place = async (workspace: string, desired: DesiredModel): Promise<boolean> => {
    const able = fleet
      .list(workspace)
      .filter(({ state, offer }) => state === 'ready' && offer?.capabilities.includes('adapters'))
      .toSorted((a, b) => (b.beat?.freeMemory ?? 0) - (a.beat?.freeMemory ?? 0))
    const based = able.filter(({ beat }) => beat?.models.some(({ id }) => id === desired.base))
    const [chosen] = desired.form === 'adapter' ? based : able
    if (!chosen) return false
    fleet.want(chosen.id, desired)
    const url = chosen.offer?.url
    if (url === undefined) return true // it hears of it with its next heartbeat
    const origin = url.replace(/\/v1\/?$/, '')
    await fetch(`${origin}/models/${encodeURIComponent(desired.id)}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        ...(chosen.engineToken !== null && { authorization: `Bearer ${chosen.engineToken}` }),
      },
      body: JSON.stringify(desired),
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined)
    return true
  }

  const missing = async (workspace: string, model: string) => {
    const there = await known(workspace)
    return new NodeError(
      'model-missing',
      `There is no model "${model}". There is: ${there.join(', ')}. Pick one, or add a worker that has it.`,
      { details: { model, there } },
    )
  }
  const failedReason = (workspace: string, name: string): string | undefined =>
    fleet
      .list(workspace)
      .flatMap(({ beat }) => beat?.models ?? [])
      .find(({ id, state }) => id === name && state === 'failed')?.reason

  /** Resolves when some worker serves the model. */
  const available = async (workspace: string, model: string, signal: AbortSignal): Promise<void> => {
    const name = engineName(model)
    if (serving(workspace, name).length > 0) return
    const desired = model.startsWith('tuned:') ? await resolveTuned(workspace, model) : undefined
    if (model.startsWith('tuned:') && !desired) throw await missing(workspace, model)
    const comes = await wakeFor(desired ? `local:${desired.base}` : model)
    const workers = fleet.list(workspace)
    const somebody = workers.some(({ state }) => state === 'ready')
    // One that has not beaten yet may have it, and so may one that is away for a moment and had it.
    const maybe = workers.some(
      ({ state, beat }) => (state === 'ready' && beat === null) || beat?.models.some(({ id }) => id === name),
    )
    if (!comes && !desired && !maybe) throw await missing(workspace, model)
    if (!comes && !somebody) throw unavailable(model, new Error('no worker is up'))
    const until = Date.now() + patience
    for (let asked = false; Date.now() < until && !signal.aborted; ) {
      if (serving(workspace, name).length > 0) return
      const failed = failedReason(workspace, name)
      if (failed) throw unavailable(model, new Error(failed))
      // Nobody may be there to be asked yet: a worker says with its first heartbeat what it has.
      if (desired && !asked) asked = await place(workspace, desired)
      await changed(1_000, signal)
    }
    signal.throwIfAborted()
    throw unavailable(model, new Error(`it was not ready within ${patience / 1_000} s`))
  }

  const choose = (workspace: string, name: string, blocks: readonly number[], tried: ReadonlySet<string>) => {
    const those = serving(workspace, name).filter(({ id, open }) => open && !tried.has(id))
    const candidates = those.map(
      (worker): Candidate => ({
        id: worker.id,
        load: fleet.load(worker),
        share: prefixes.share(worker.id, blocks),
        served: worker.served,
      }),
    )
    const chosen = route(candidates)
    if (chosen && chosen.share > 0) counts.near += 1
    return those.find(({ id }) => id === chosen?.id)
  }
  const send = (worker: FleetWorker, path: ModelPath, body: Record<string, unknown>, signal: AbortSignal) => {
    const url = worker.offer?.url
    return url === undefined
      ? calls.send(worker.id, path, body, signal)
      : postJson(url + path, worker.engineToken ?? undefined, JSON.stringify(body), signal)
  }

  const attempt = async (call: RoutedCall, name: string, leave: () => void): Promise<Response> => {
    const { workspace, path, signal } = call
    const blocks = blocksOf(name, promptOf(call))
    const body = { ...call.body, model: name }
    const tried = new Set<string>()
    let cause: unknown = new Error('none is free of failures')
    while (tried.size < mostTries) {
      const worker = choose(workspace, name, blocks, tried)
      if (!worker) break
      if (tried.size > 0) counts.retries += 1
      tried.add(worker.id)
      const turn = fleet.begin(worker.id)
      try {
        const answer = await send(worker, path, body, signal)
        const last = tried.size === mostTries || !choose(workspace, name, blocks, tried)
        if (elsewhere.has(answer.status) && !last) {
          await answer.body?.cancel().catch(() => undefined)
          if (answer.status !== 429) turn.failed(`it answered ${answer.status}`)
          turn.over()
          cause = new Error(`"${worker.name}" answered ${answer.status}`)
          continue
        }
        const over = (error?: unknown) => {
          signal.removeEventListener('abort', over)
          if (error && !signal.aborted) {
            counts.failures += 1
            turn.failed('its answer broke off')
          }
          turn.over(!signal.aborted)
          leave()
        }
        // A reader that left may never ask for the rest, and so never learn that it broke.
        signal.addEventListener('abort', over, { once: true })
        const response = await afterFirst(answer, over)
        if (response.ok && response.body === null) throw new Error('it ended its answer before it began')
        prefixes.note(worker.id, blocks)
        return response
      } catch (error) {
        if (!signal.aborted) {
          counts.failures += 1
          turn.failed(error instanceof Error ? error.message : String(error))
        }
        turn.over(!signal.aborted)
        signal.throwIfAborted()
        cause = error
      }
    }
    throw unavailable(call.model, cause)
  }

  const call = async (request: RoutedCall): Promise<Response> => {
    const { workspace, tenant, model, signal } = request
    const name = engineName(model)
    counts.calls += 1
    await available(workspace, model, signal)
    const leave = await flow.enter({ model, tenant, room: room(workspace, name), signal })
    try {
      return await attempt(request, name, leave)
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    call,
    endpoint: async (model, signal, workspace) => {
      await available(workspace, model, signal)
      const through: typeof fetch = async (input, init) => {
        const { pathname } = new URL(input instanceof Request ? input.url : input)
        const path = pathname.endsWith('/embeddings') ? '/embeddings' : '/chat/completions'
        const body = JSON.parse(String(init?.body)) as Record<string, unknown>
        return call({ workspace, tenant: workspace, model, path, body, signal: init?.signal ?? signal })
      }
      return { url: 'http://worker.invalid/v1', model: engineName(model), fetch: through }
    },
    waiting: flow.waiting,
    counts: () => counts,
    stop: deafen,
  }
}
