import type { Database } from '../store/database.ts'
import type { Sealer } from '../store/sealer.ts'
import { forgetBeat, listWorkers, type StoredWorker, saveBeat, saveOffer } from '../store/workers.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { createDesired, type Desired } from './desired.ts'
import {
  type BeatReply,
  beatEvery,
  beatsMissed,
  type DesiredModel,
  type WorkerBeat,
  type WorkerOffer,
} from './protocol.ts'

/** How often the table is read for workers that talk to other processes, in ms. */
const readEvery = 2_000

export type FleetState = 'new' | 'ready' | 'draining' | 'lost'
/** A worker as this process knows it. */
export type FleetWorker = StoredWorker & {
  state: FleetState
  /** Requests of this process that are under way there. */
  inFlight: number
  /** Requests of this process that it was given. */
  served: number
  /** Set while it is left out after failures: why, and until when (Unix milliseconds). */
  broken: { reason: string; until: number } | null
  /** Whether a request may be sent there: it is neither broken nor being tried. */
  open: boolean
  /** Whether this process has a way there: an address that is good on every machine, or the worker itself calls here. */
  reachable: boolean
}
/** A request under way. `failed` says that it was the worker's fault; `over` ends it, which proves nothing if it `wasAnswered` not. */
export type Turn = { failed: (reason: string) => void; over: (wasAnswered?: boolean) => void }

export type Fleet = {
  list: (workspace: string) => FleetWorker[]
  get: (id: string) => FleetWorker | undefined
  /** Reads the table now. */
  read: () => Promise<void>
  offered: (workspace: string, id: string, offer: WorkerOffer) => Promise<void>
  beaten: (workspace: string, id: string, beat: WorkerBeat) => Promise<BeatReply>
  /** A worker that is known to have stopped. */
  stopped: (workspace: string, id: string) => Promise<void>
  /** Asks a worker to keep a model ready, with its next heartbeat at the latest. Of too many the one that was not used for longest goes. */
  want: (id: string, model: DesiredModel) => void
  /** Counts a request for a model that is sent there. `lost` is called, once, when the worker is lost before it is over. */
  begin: (id: string, model: string, lost: (why: string) => void) => Turn
  /** Requests there: what it said, and what this process sent since. */
  load: (worker: FleetWorker) => number
  /** Calls `heard` whenever anything changed. Returns a function that stops it. */
  onChange: (heard: () => void) => () => void
  stop: () => void
}

type Live = {
  row: StoredWorker
  /** When the row was read or the worker was heard here, on this process' monotonic clock. */
  at: number
  /** When the worker itself called here last. */
  heard: number
  inFlight: number
  served: number
  /** Requests of this process that were there when the beat was taken. */
  inBeat: number
  breaker: Breaker
  desired: Desired
  /** What is under way there is told when it is lost. */
  turns: Set<(why: string) => void>
}

const silence = beatEvery * beatsMissed
/** An address that means another worker on another machine. */
const loopback = /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])[:/]/

const isReachable = ({ row: { offer }, heard }: Live, now: number): boolean =>
  (offer?.url !== undefined && !loopback.test(offer.url)) || now - heard <= silence

const stateOf = ({ row, at }: Live, now: number): FleetState => {
  if (row.offer === null || row.silentFor === null) return 'new'
  if (row.silentFor + now - at > silence) return 'lost'
  return row.drained || row.beat?.state === 'draining' ? 'draining' : 'ready'
}

export type FleetOptions = {
  database: Database
  sealer: Sealer
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  /** Monotonic milliseconds. */
  now?: () => number
}

/** All workers that this process knows of: rows of the table, and what it saw itself. */
export const createFleet = async ({
  database,
  sealer,
  log,
  now = () => performance.now(),
}: FleetOptions): Promise<Fleet> => {
  const lives = new Map<string, Live>()
  const listeners = new Set<() => void>()
  const tell = () => {
    for (const heard of listeners) heard()
  }
  const liveOf = (row: StoredWorker): Live => ({
    row,
    at: now(),
    heard: Number.NEGATIVE_INFINITY,
    inFlight: 0,
    served: 0,
    inBeat: 0,
    breaker: createBreaker({ failures: 3, first: 1_000, most: 30_000, now: Date.now }),
    desired: createDesired(),
    turns: new Set(),
  })
  const view = (live: Live): FleetWorker => ({
    ...live.row,
    state: stateOf(live, now()),
    inFlight: live.inFlight,
    served: live.served,
    broken: live.breaker.state(),
    open: live.breaker.may(),
    reachable: isReachable(live, now()),
  })

  const take = (row: StoredWorker): void => {
    const live = lives.get(row.id)
    if (!live) return void lives.set(row.id, liveOf(row))
    // What was heard here is newer than a row that was read before it.
    const age = live.row.silentFor === null ? Number.POSITIVE_INFINITY : live.row.silentFor + now() - live.at
    if (row.silentFor !== null && row.silentFor > age + 500) return
    live.row = row
    live.at = now()
  }
  const lose = ({ turns }: Live, why: string): void => {
    for (const lost of [...turns]) lost(why)
    turns.clear()
  }
  /** Until then silence may be the database's, which keeps heartbeats from being noted. */
  let deafUntil = Number.NEGATIVE_INFINITY
  const read = async (): Promise<void> => {
    const rows = await listWorkers(database.query, sealer).catch((error: unknown) => {
      deafUntil = now() + 2 * beatEvery
      throw error
    })
    const there = new Set(rows.map(({ id }) => id))
    for (const [id, live] of lives) {
      if (there.has(id)) continue
      lives.delete(id)
      lose(live, 'it was removed')
    }
    for (const row of rows) take(row)
    if (now() >= deafUntil)
      for (const live of lives.values())
        if (live.turns.size > 0 && stateOf(live, now()) === 'lost') lose(live, 'it fell silent')
    tell()
  }
  const timer = setInterval(() => {
    read().catch((error: unknown) => log('warn', 'The list of workers could not be read.', { error: String(error) }))
  }, readEvery)
  timer.unref()
  await read()

  return {
    list: (workspace) => [...lives.values()].filter(({ row }) => row.workspace === workspace).map(view),
    get: (id) => {
      const live = lives.get(id)
      return live && view(live)
    },
    read,
    offered: async (workspace, id, offer) => {
      await saveOffer(database.query, sealer, workspace, id, offer)
      lives.get(id)?.breaker.ok()
      await read()
    },
    beaten: async (workspace, id, beat) => {
      await saveBeat(database.query, workspace, id, beat)
      if (!lives.has(id)) await read()
      const live = lives.get(id)
      if (!live) return { drain: false, models: [] }
      live.row = { ...live.row, beat, silentFor: 0, seenAt: new Date().toISOString() }
      live.at = now()
      live.heard = now()
      live.inBeat = live.inFlight
      tell()
      return { drain: live.row.drained, models: live.desired.list() }
    },
    stopped: async (workspace, id) => {
      await forgetBeat(database.query, workspace, id)
      const live = lives.get(id)
      if (live) {
        live.row = { ...live.row, beat: null, silentFor: Number.POSITIVE_INFINITY }
        lose(live, 'it stopped')
      }
      tell()
    },
    want: (id, model) => lives.get(id)?.desired.want(model),
    load: ({ id, beat }) => {
      const live = lives.get(id)
      if (!live) return 0
      const others = Math.max(0, (beat?.running ?? 0) + (beat?.waiting ?? 0) - live.inBeat)
      return others + live.inFlight
    },
    onChange: (heard) => {
      listeners.add(heard)
      return () => void listeners.delete(heard)
    },
    begin: (id, model, lost) => {
      const live = lives.get(id)
      if (!live) return { failed: () => undefined, over: () => undefined }
      live.inFlight += 1
      live.served += 1
      live.breaker.begin()
      live.desired.used(model)
      live.turns.add(lost)
      let state: 'running' | 'failed' | 'over' = 'running'
      return {
        failed: (reason) => {
          if (state !== 'running') return
          state = 'failed'
          live.breaker.fail(reason)
        },
        over: (wasAnswered = true) => {
          if (state === 'over') return
          if (state === 'running' && wasAnswered) live.breaker.ok()
          if (state === 'running' && !wasAnswered) live.breaker.left()
          state = 'over'
          live.turns.delete(lost)
          live.inFlight -= 1
          tell()
        },
      }
    },
    stop: () => clearInterval(timer),
  }
}
