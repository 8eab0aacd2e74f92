import type { Endpoint } from '#nodes/define.ts'
import { type Answer, asResponse } from './answer.ts'
import { type AskAround, askAround } from './ask-around.ts'
import { type AvailabilityOptions, createAvailability, engineName, isLoading } from './availability.ts'
import type { Calls } from './calls.ts'
import type { FleetWorker } from './fleet.ts'
import { createFlow, type FlowLimits, type Room, type Waiting } from './flow.ts'
import { blocksOf, createPrefixHistory } from './prefixes.ts'
import { type Candidate, route } from './route.ts'
import { type ModelPath, tryWorker } from './try-worker.ts'

export type RoutedCall = {
  workspace: string
  /** Whose turn it is when many ask. */
  tenant: string
  /** `local:…` or `tuned:…` */
  model: string
  path: ModelPath
  body: Record<string, unknown>
  /** The caller's: it ends the call, wherever that is. */
  signal: AbortSignal
}
export type Router = {
  /**
   * Sends a request to a worker that has the model, when it is its turn. Whoever wants no more of the answer destroys its body.
   * @throws NodeError
   */
  call: (call: RoutedCall) => Promise<Answer>
  /** For nodes: calls of the endpoint's `fetch` go through `call`. @throws NodeError `model-missing` */
  endpoint: (model: string, signal: AbortSignal, workspace: string) => Promise<Endpoint>
  /** Requests that wait here, by model. */
  waiting: () => Waiting[]
  counts: () => Counts
  stop: () => void
}
/** Since the start of this process. */
export type Counts = { calls: number; retries: number; hedges: number; failures: number; near: number }

export type RouterOptions = Omit<AvailabilityOptions, 'patience'> & {
  calls: Calls
  limits: FlowLimits
  /** How long a model may take to be there, in ms. */
  patience?: number
  /** How long the first byte of an answer may take, in ms; then another worker is asked. */
  firstByte?: number
  /** After so many ms without a first byte a second worker is asked as well, and the first to answer is taken. Off unless set. */
  hedgeAfter?: number
}

/** Requests that a worker is given beyond those that it computes at once, so that it never waits for the next. */
const ahead = 4
/** As long as OpenAI's clients wait by themselves. An answer that is not streamed has its first byte at its end. */
const usualFirstByte = 600_000

const promptOf = ({ body, path }: RoutedCall): string =>
  path === '/chat/completions' ? JSON.stringify(body.messages ?? '') : ''

/** Those that wait for their turn, and those that wait for their model to be somewhere. */
const withComing = (waiting: readonly Waiting[], coming: ReadonlyMap<string, number>): Waiting[] => {
  const others = waiting.filter(({ model }) => !coming.has(model))
  const those = [...coming].map(([model, count]): Waiting => {
    const queued = waiting.find((one) => one.model === model)
    return {
      model,
      waiting: count + (queued?.waiting ?? 0),
      running: queued?.running ?? 0,
      reason: 'loading',
      secondsLeft: null,
    }
  })
  return [...others, ...those]
}

/** Sends requests to workers: in turn, to where their beginning is known or least is going on, and on to another before the first byte. */
export const createRouter = (options: RouterOptions): Router => {
  const { fleet, calls, limits, patience = 60_000, firstByte = usualFirstByte, hedgeAfter } = options
  const flow = createFlow(limits)
  const prefixes = createPrefixHistory()
  const counts: Counts = { calls: 0, retries: 0, hedges: 0, failures: 0, near: 0 }
  const deafen = fleet.onChange(flow.look)
  const { serving, available, coming } = createAvailability({ ...options, patience })

  const room = (workspace: string, name: string) => (): Room => {
    const those = serving(workspace, name)
    const open = those.filter((worker) => worker.open)
    const atOnce = ({ beat }: FleetWorker) =>
      beat?.models.find(({ id }) => id === name)?.capacity ?? beat?.capacity ?? 1
    const places = open.reduce((sum, worker) => sum + atOnce(worker) * ahead, 0)
    if (open.length === 0) return { places, why: those.length > 0 ? 'broken' : 'no-worker' }
    return { places, why: open.every((worker) => isLoading(worker, name)) ? 'loading' : 'all-busy' }
  }

  const pick = (workspace: string, name: string, blocks: readonly number[], tried: ReadonlySet<string>) => {
    const those = serving(workspace, name).filter(({ id, open }) => open && !tried.has(id))
    const chosen = route(
      those.map(
        (worker): Candidate => ({
          id: worker.id,
          load: fleet.load(worker),
          share: prefixes.share(worker.id, blocks),
          served: worker.served,
        }),
      ),
    )
    return those.find(({ id }) => id === chosen?.id)
  }
  const failed = () => {
    counts.failures += 1
  }

  const answer = async (call: RoutedCall, leave: () => void): Promise<Answer> => {
    const { workspace, model, path, signal } = call
    const name = engineName(model)
    const blocks = blocksOf(name, promptOf(call))
    const asked = { path, body: { ...call.body, model: name }, signal, firstByte }
    const start: AskAround['start'] = (worker, how) => {
      if (how === 'again') counts.retries += 1
      if (how === 'also') counts.hedges += 1
      if (prefixes.share(worker.id, blocks) > 0) counts.near += 1
      // Before it answers: others that begin alike and come meanwhile should follow it, not settle on every worker.
      prefixes.note(worker.id, blocks)
      return tryWorker({ fleet, calls, failed }, worker, asked)
    }
    const answer = await askAround({
      model,
      signal,
      pick: (tried) => pick(workspace, name, blocks, tried),
      start,
      hedgeAfter,
      firstByte,
    })
    if (answer.body) answer.body.on('close', leave)
    else leave()
    return answer
  }

  const call = async (request: RoutedCall): Promise<Answer> => {
    const { workspace, tenant, model, signal } = request
    counts.calls += 1
    await available(workspace, model, signal)
    const leave = await flow.enter({ model, tenant, room: room(workspace, engineName(model)), signal })
    try {
      return await answer(request, leave)
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
        return asResponse(
          await call({ workspace, tenant: workspace, model, path, body, signal: init?.signal ?? signal }),
        )
      }
      return { url: 'http://worker.invalid/v1', model: engineName(model), fetch: through }
    },
    waiting: () => withComing(flow.waiting(), coming()),
    counts: () => counts,
    stop: deafen,
  }
}
