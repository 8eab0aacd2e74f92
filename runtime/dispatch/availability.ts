import { NodeError } from '#nodes/errors.ts'
import { unavailable } from './ask-around.ts'
import type { Fleet, FleetWorker } from './fleet.ts'
import type { DesiredModel } from './protocol.ts'

/** As workers name it: `local:tiny` is their `tiny`. */
export const engineName = (model: string): string => (model.startsWith('local:') ? model.slice('local:'.length) : model)

/** Whether a worker has a model that can not answer yet. */
export const isLoading = ({ beat }: Pick<FleetWorker, 'beat'>, name: string): boolean => {
  const state = beat?.models.find(({ id }) => id === name)?.state
  return state === 'loading' || state === 'restarting'
}

export type AvailabilityOptions = {
  fleet: Fleet
  /** Makes a worker of this machine come up for a model that is a file here. False: it is none. */
  wakeFor: (model: string) => Promise<boolean>
  /** What a worker needs to serve a tuned model. */
  resolveTuned: (workspace: string, id: string) => Promise<DesiredModel | undefined>
  /** Models that could be named instead, for an error's text. */
  known: (workspace: string) => Promise<string[]>
  /** How long a model may take to be there, in ms. */
  patience: number
}
export type Availability = {
  /** Workers that have a model and take requests, whether they are free or not. */
  serving: (workspace: string, name: string) => FleetWorker[]
  /** Resolves when some worker serves the model. @throws NodeError `model-missing`, `no-worker` */
  available: (workspace: string, model: string, signal: AbortSignal) => Promise<void>
  /** Requests that wait for a worker to come up or to fetch their model. */
  coming: () => ReadonlyMap<string, number>
}

/** Knows who serves which model, and sees to it that somebody does. */
export const createAvailability = (options: AvailabilityOptions): Availability => {
  const { fleet, wakeFor, resolveTuned, known, patience } = options
  const coming = new Map<string, number>()

  const serving: Availability['serving'] = (workspace, name) =>
    fleet
      .list(workspace)
      .filter(
        ({ state, reachable, beat }) =>
          state === 'ready' && reachable && beat?.models.some(({ id, state }) => id === name && state !== 'failed'),
      )

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

  const up = (workspace: string): FleetWorker[] =>
    fleet.list(workspace).filter(({ state, reachable }) => state === 'ready' && reachable)
  /** Why a worker cannot have a model, if it tried. What one that is gone said last counts no more. */
  const failedAt = ({ beat }: FleetWorker, name: string): string | undefined => {
    const model = beat?.models.find(({ id, state }) => id === name && state === 'failed')
    return model && (model.reason ?? 'it could not be loaded')
  }

  /**
   * Has a worker get a tuned model that nobody serves yet: one that has its base and the most free memory, and has not failed at
   * it. Undefined: there is none.
   */
  const place = async (workspace: string, desired: DesiredModel): Promise<string | undefined> => {
    const able = up(workspace)
      .filter((worker) => worker.offer?.capabilities.includes('adapters') && !failedAt(worker, desired.id))
      .toSorted((a, b) => (b.beat?.freeMemory ?? 0) - (a.beat?.freeMemory ?? 0))
    const based = able.filter(({ beat }) => beat?.models.some(({ id }) => id === desired.base))
    const [chosen] = desired.form === 'adapter' ? based : able
    if (!chosen) return undefined
    fleet.want(chosen.id, desired)
    const url = chosen.offer?.url
    if (url === undefined) return chosen.id // it hears of it with its next heartbeat
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
    return chosen.id
  }

  const missing = async (workspace: string, model: string) => {
    const there = await known(workspace)
    return new NodeError(
      'model-missing',
      `There is no model "${model}". There is: ${there.join(', ')}. Pick one, or add a worker that has it.`,
      { details: { model, there } },
    )
  }
  const come = async (workspace: string, model: string, signal: AbortSignal): Promise<void> => {
    const name = engineName(model)
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
    for (let asked: string | undefined; Date.now() < until && !signal.aborted; ) {
      if (serving(workspace, name).length > 0) return
      const failed = up(workspace).find((worker) => failedAt(worker, name))
      // Nobody may be there to be asked yet: a worker says with its first heartbeat what it has.
      if (desired && (asked === undefined || failed?.id === asked)) asked = await place(workspace, desired)
      if (failed && asked === undefined) throw unavailable(model, new Error(failedAt(failed, name)))
      await changed(1_000, signal)
    }
    signal.throwIfAborted()
    throw unavailable(model, new Error(`it was not ready within ${patience / 1_000} s`))
  }

  return {
    serving,
    available: async (workspace, model, signal) => {
      if (serving(workspace, engineName(model)).length > 0) return
      coming.set(model, (coming.get(model) ?? 0) + 1)
      try {
        await come(workspace, model, signal)
      } finally {
        const left = (coming.get(model) ?? 1) - 1
        if (left > 0) coming.set(model, left)
        else coming.delete(model)
      }
    },
    coming: () => coming,
  }
}
