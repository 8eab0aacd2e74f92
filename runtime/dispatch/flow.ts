import { NodeError } from '#nodes/errors.ts'

export type FlowLimits = {
  /** Requests at once of one model; all that the workers take, unless told. */
  modelConcurrency?: number
  /** Requests at once of one tenant (an API key, or a pipeline). */
  tenantConcurrency?: number
  /** Requests a minute of one tenant; more are refused. */
  tenantRate?: number
  /** Requests that may wait for one model; more are refused. */
  waiting: number
  /** The longest wait, in ms. */
  patience: number
}
export const usualLimits: FlowLimits = { waiting: 1_000, patience: 120_000 }

/** Requests that the workers of a model take at once now, and why one more has to wait. */
export type Room = { places: number; why: Extract<WaitReason, 'no-worker' | 'broken' | 'loading' | 'all-busy'> }
export type FlowRequest = {
  model: string
  tenant: string
  room: () => Room
  signal: AbortSignal
}
/** `broken`: all workers of the model are left out after failures. `loading`: those that have it are loading it. */
export type WaitReason = 'no-worker' | 'broken' | 'loading' | 'all-busy' | 'model-limit' | 'tenant-limit'
/** Reasons that do not end with the requests that run. */
const endless: ReadonlySet<WaitReason> = new Set(['no-worker', 'broken', 'loading'])
/** Reasons that are one to the caller: nobody can serve the model. */
const nobody: ReadonlySet<WaitReason> = new Set(['no-worker', 'broken'])
export type Waiting = {
  model: string
  waiting: number
  running: number
  reason: WaitReason
  secondsLeft: number | null
}
export type Flow = {
  /** Waits for its turn. Resolves with the function that ends the turn. @throws NodeError `rate-limit`, `queue-full`, `queue-timeout` */
  enter: (request: FlowRequest) => Promise<() => void>
  /** There may be more room now. */
  look: () => void
  waiting: () => Waiting[]
}

type Ticket = { request: FlowRequest; give: () => void }
type Line = {
  running: number
  /** By tenant, in turn: one tenant's thousand requests do not hold up another's first. */
  tickets: Map<string, Ticket[]>
  waiting: number
  /** How long requests take, smoothed, in ms. */
  took: number | undefined
  reason: WaitReason
}

/** A bucket that fills with one minute's requests in a minute. */
const createRate = (perMinute: number | undefined, now: () => number) => {
  const buckets = new Map<string, { left: number; at: number }>()
  return (tenant: string): number => {
    if (perMinute === undefined) return 0
    const bucket = buckets.get(tenant) ?? { left: perMinute, at: now() }
    buckets.set(tenant, bucket)
    // A clock that is set back takes nothing out of the bucket.
    const passed = Math.max(0, now() - bucket.at)
    bucket.left = Math.min(perMinute, bucket.left + (passed / 60_000) * perMinute)
    bucket.at = now()
    if (bucket.left < 1) return ((1 - bucket.left) / perMinute) * 60_000
    bucket.left -= 1
    return 0
  }
}

/** Lets as many requests through as there is room for, tenants in turn, and says why the others wait. */
export const createFlow = (limits: FlowLimits, now: () => number = Date.now): Flow => {
  const lines = new Map<string, Line>()
  const ofTenant = new Map<string, number>()
  const tooSoon = createRate(limits.tenantRate, now)

  const lineOf = (model: string): Line => {
    const line = lines.get(model) ?? {
      running: 0,
      tickets: new Map(),
      waiting: 0,
      took: undefined,
      reason: 'all-busy' as const,
    }
    lines.set(model, line)
    return line
  }
  /** Why this request has to wait, or undefined. */
  const hold = (line: Line, { tenant, room }: FlowRequest): WaitReason | undefined => {
    if (line.running >= (limits.modelConcurrency ?? Number.POSITIVE_INFINITY)) return 'model-limit'
    const { places, why } = room()
    if (line.running >= places) return why
    const own = ofTenant.get(tenant) ?? 0
    return own >= (limits.tenantConcurrency ?? Number.POSITIVE_INFINITY) ? 'tenant-limit' : undefined
  }
  const begin = (line: Line, { tenant }: FlowRequest): (() => void) => {
    const since = now()
    line.running += 1
    ofTenant.set(tenant, (ofTenant.get(tenant) ?? 0) + 1)
    let over = false
    return () => {
      if (over) return
      over = true
      line.running -= 1
      const left = (ofTenant.get(tenant) ?? 1) - 1
      if (left > 0) ofTenant.set(tenant, left)
      else ofTenant.delete(tenant)
      const took = now() - since
      line.took = line.took === undefined ? took : line.took * 0.9 + took * 0.1
      // The tenant may wait for other models too.
      if (limits.tenantConcurrency === undefined) serve(line)
      else look()
    }
  }
  /** Gives out turns as long as somebody may have one. */
  const serve = (line: Line): void => {
    for (let served = true; served && line.waiting > 0; ) {
      served = false
      for (const [tenant, [ticket]] of line.tickets) {
        if (!ticket) continue
        const reason = hold(line, ticket.request)
        if (reason === 'tenant-limit') {
          line.reason = reason
          continue
        }
        if (reason) {
          line.reason = reason
          return
        }
        // To the end of the round: the others are next.
        const rest = line.tickets.get(tenant) as Ticket[]
        rest.shift()
        line.tickets.delete(tenant)
        if (rest.length > 0) line.tickets.set(tenant, rest)
        line.waiting -= 1
        ticket.give()
        served = true
        break
      }
    }
  }
  const look = (): void => {
    for (const line of lines.values()) serve(line)
  }
  const wait = (line: Line, request: FlowRequest): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const ticket: Ticket = {
        request,
        give: () => {
          settle()
          resolve(begin(line, request))
        },
      }
      const drop = (error: unknown) => {
        settle()
        const own = line.tickets.get(request.tenant)
        const at = own?.indexOf(ticket) ?? -1
        if (own && at >= 0) {
          own.splice(at, 1)
          if (own.length === 0) line.tickets.delete(request.tenant)
          line.waiting -= 1
        }
        reject(error)
      }
      const onAbort = () => drop(request.signal.reason)
      const timer = setTimeout(
        () =>
          drop(
            new NodeError(
              nobody.has(line.reason) ? 'no-worker' : 'queue-timeout',
              `No worker had room for "${request.model}" within ${limits.patience / 1_000} s. Add a worker, or try again later.`,
              { retry: 'later', details: { model: request.model, reason: line.reason } },
            ),
          ),
        limits.patience,
      )
      const settle = () => {
        clearTimeout(timer)
        request.signal.removeEventListener('abort', onAbort)
      }
      request.signal.addEventListener('abort', onAbort, { once: true })
      const own = line.tickets.get(request.tenant)
      if (own) own.push(ticket)
      else line.tickets.set(request.tenant, [ticket])
      line.waiting += 1
    })

  return {
    enter: async (request) => {
      request.signal.throwIfAborted()
      const soon = tooSoon(request.tenant)
      if (soon > 0)
        throw new NodeError(
          'rate-limit',
          `More than ${limits.tenantRate} requests came within a minute. Try again in ${Math.ceil(soon / 1_000)} s.`,
          { retry: { after: Math.ceil(soon) }, details: { seconds: Math.ceil(soon / 1_000) } },
        )
      const line = lineOf(request.model)
      const reason = hold(line, request)
      if (!reason && (line.waiting === 0 || !line.tickets.has(request.tenant))) return begin(line, request)
      if (reason) line.reason = reason
      if (line.waiting >= limits.waiting)
        throw new NodeError(
          'queue-full',
          `${line.waiting} requests wait for "${request.model}" already. Try again in a moment, or add a worker.`,
          { retry: 'later', details: { model: request.model } },
        )
      const turn = wait(line, request)
      serve(line)
      return turn
    },
    look,
    waiting: () =>
      [...lines].flatMap(([model, { waiting, running, reason, took }]) =>
        waiting === 0
          ? []
          : [
              {
                model,
                waiting,
                running,
                reason,
                secondsLeft: took && !endless.has(reason) ? took / 1_000 / Math.max(1, running) : null,
              },
            ],
      ),
  }
}
