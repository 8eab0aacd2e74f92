import type { RunError } from '../engine/events.ts'
import type { Artifacts } from './artifacts.ts'
import { handBack } from './claim-runs.ts'
import type { Database } from './database.ts'
import { type Batch, collect } from './journal/batch.ts'
import {
  type Entry,
  newRunState,
  type Opening,
  type RunState,
  type Started,
  settleWaiters,
} from './journal/run-state.ts'
import { type Answer, send } from './journal/send.ts'
import { createSnapshots } from './journal/snapshots.ts'
import { type Packed, packItems, packValues } from './journal/values.ts'
import type { Journal, Refusal, RunEnd, RunStart } from './journal.ts'
import { holdsUnstorable } from './json-text.ts'
import { RuntimeRefusal } from './refusal.ts'

export type JournalSettings = {
  database: Database
  /** The registered process whose runs these are; see ownership.ts. */
  process: { id: string; epoch: number }
  /** Takes values that are too large for a row. */
  artifacts: Artifacts
  /** Flushes under way at once, 1 to 3. A second one is prepared while the first is synced to disk. */
  flights?: number
  /** How long a start may wait for the database before its caller is told, in ms. */
  patience?: number
  now?: () => number
}

/** What callers are told of a refusal, as an error. */
const refusalError = (run: string, why: Refusal): Error =>
  new Error(`Run ${run} was refused by the database (${why}). This process no longer owns it; drop it.`)

/** What those are told who wait for a journal that was closed before the database answered. */
const closedError = (run: string): Error =>
  new Error(`The journal was closed before run ${run} was on disk. What became of it stands in the database.`)

const openingOf = ([first]: readonly Entry[]): Opening | undefined =>
  first?.kind === 'start' ? first.opening : undefined

/** A journal for this process, over the flush function of the database. */
export const createJournal = (settings: JournalSettings): Journal => {
  const { database, artifacts, flights = 2, patience = 2_000, now = Date.now } = settings
  const snapshots = createSnapshots(now)
  const states = new Map<string, RunState>()
  const ready = new Set<RunState>()
  const openings = new Set<Opening>()
  const adrift = new Set<string>()
  /** Epochs of runs that were refused, so that a late row or question about one is not taken for news. */
  const refusals = new Map<string, { epoch: number; why: Refusal }>()
  const listeners: ((run: string, why: Refusal) => void)[] = []
  const drained: (() => void)[] = []
  let flying = 0
  let scheduled = false
  let fenced = false
  let closed: 'no' | 'draining' | 'given-up' = 'no'
  let downSince: number | undefined

  const schedule = () => {
    if (scheduled || flying >= flights) return
    scheduled = true
    setImmediate(fly)
  }

  const tellWaiters = (state: RunState, error: (run: string) => Error) => {
    for (const waiter of state.waiters.splice(0)) waiter.reject(error(state.id))
  }

  /** Whoever still waits for a row of the run waits for one that is never written. */
  const forget = (state: RunState, why: Refusal = 'lost-run') => {
    ready.delete(state)
    if (states.get(state.id) === state) states.delete(state.id)
    tellWaiters(state, (run) => refusalError(run, why))
  }

  /** An end that the journal itself gives to a run. */
  const finalEnd = (status: 'failed' | 'cancelled', error: RunError, seq: number): RunEnd => ({
    status,
    output: null,
    error,
    usage: { inputTokens: 0, outputTokens: 0 },
    at: now(),
    seq,
  })

  /** `superseded`: this process has claimed the run anew, so that nobody is to drop it. */
  const refuse = (state: RunState, why: Refusal, superseded = false) => {
    if (state.refused) return
    state.refused = why
    state.pending = []
    forget(state, why)
    refusals.set(state.id, { epoch: state.epoch, why })
    if (refusals.size > 10_000) refusals.delete(refusals.keys().next().value as string)
    if (!superseded) for (const told of listeners) told(state.id, why)
  }

  const refuseOpening = (opening: Opening, refusal: RuntimeRefusal) => {
    openings.delete(opening)
    opening.reject(refusal)
  }

  const fenceAll = () => {
    fenced = true
    for (const opening of openings)
      refuseOpening(opening, new RuntimeRefusal('fenced', 'This process lost its lease. Send the request again.'))
    for (const state of [...states.values()]) refuse(state, 'fenced')
  }

  /** Puts rows that the database could not store aside, and ends their run, which otherwise would run for ever. */
  const onBad = ([share]: Batch, error: unknown) => {
    if (!share) return
    const { state, entries } = share
    const why = error instanceof Error ? error.message : String(error)
    const opening = openingOf(entries)
    state.inFlight = false
    if (opening) {
      forget(state)
      return refuseOpening(
        opening,
        new RuntimeRefusal('bad-input', `The database could not store the start of the run: ${why}`, { cause: error }),
      )
    }
    const message = `The database could not store a result of this run: ${why}. Change the node that made it.`
    const end = finalEnd('failed', { code: 'bad-data', message }, state.lastSeq + 1)
    const { id, epoch, workspace } = state
    refuse(state, 'bad-data')
    // The last word is said by a state of its own, and only if the end itself was not what could not be stored.
    if (entries.length === 1 && entries[0]?.kind === 'end' && refusals.get(`${id} end`)) return
    refusals.set(`${id} end`, { epoch, why: 'bad-data' })
    const last = newRunState(id, epoch, workspace)
    last.pending.push({ kind: 'end', end, value: null, artifacts: [] })
    ready.add(last)
    schedule()
  }

  const answerStart = (state: RunState, opening: Opening, started: Started) => {
    openings.delete(opening)
    if (!opening.withdrawn) return opening.resolve(started)
    if (started.repeated) return
    // Whoever comes back with the key must find a run that works: it goes to any process that has room.
    if (opening.start.request.idempotency) {
      forget(state)
      if (!opening.start.queued) adrift.add(state.id)
      return
    }
    // Its caller was told that nothing came of it, and would start another one.
    const error = { code: 'database-down', message: 'The database did not answer in time; the request was refused.' }
    state.pending = [{ kind: 'end', end: finalEnd('cancelled', error, 1), value: null, artifacts: [] }]
    // What waited behind the start is not written.
    tellWaiters(state, (run) => refusalError(run, 'lost-run'))
  }

  const onWritten = (batch: Batch, answer: Answer | null) => {
    if (answer?.fenced) return fenceAll()
    const repeated = new Map(answer?.repeated.map((one) => [one.r, one]))
    const full = new Set(answer?.full)
    const refused = new Map(answer?.refused.map((one) => [one.r, one.why]))
    for (const { state, entries } of batch) {
      state.inFlight = false
      state.taken += entries.length
      const opening = openingOf(entries)
      if (opening) snapshots.noteStored(opening.snapshot)
      const other = repeated.get(state.id)
      if (opening && other) {
        forget(state)
        if (other.same) answerStart(state, opening, { id: other.to, epoch: 0, repeated: true })
        else
          refuseOpening(
            opening,
            new RuntimeRefusal(
              'idempotency-conflict',
              'This idempotency key was used before with another body. Send a new key, or the same body.',
            ),
          )
      } else if (opening && full.has(state.id)) {
        forget(state)
        refuseOpening(
          opening,
          new RuntimeRefusal('queue-full', '10,000 runs are waiting already. Try again later.', { retryAfter: 10 }),
        )
      } else if (opening) {
        // Unknown when the batch was sent again after a lost connection.
        const number = answer?.numbers?.[state.id]
        const started = { id: state.id, epoch: state.epoch, repeated: false }
        answerStart(state, opening, number === undefined ? started : { ...started, number })
      }
      const why = refused.get(state.id)
      if (why) refuse(state, why)
      else settleWaiters(state)
      if (state.pending.length > 0 && !state.refused && (states.get(state.id) === state || !other)) ready.add(state)
      // A queued run is nobody's until it is claimed, and then it has another epoch.
      else if (!state.refused && (opening?.start.queued || entries.at(-1)?.kind === 'end')) forget(state)
    }
  }

  const sending = {
    database,
    process: settings.process,
    snapshots,
    onHealth: (error: unknown) => {
      downSince = error === undefined ? undefined : (downSince ?? now())
    },
    given: () => closed === 'given-up' || fenced,
    onWritten,
    onBad,
  }

  const fly = () => {
    scheduled = false
    if (flying >= flights || fenced) return
    const batch = collect(ready)
    if (batch.length > 0) {
      flying++
      void send(sending, batch).finally(() => {
        flying--
        schedule()
      })
      if (ready.size > 0) schedule()
    } else if (flying === 0) for (const tell of drained.splice(0)) tell()
  }

  /** Gives away the runs that are this process's by their rows and that nobody here executes. */
  const handOver = () => {
    const runs = [...adrift]
    if (runs.length === 0) return
    adrift.clear()
    handBack(database, settings.process, runs).catch(() => {
      for (const run of runs) adrift.add(run)
    })
  }

  /** Tells callers whose starts the database keeps waiting. */
  const watch = setInterval(() => {
    handOver()
    for (const opening of openings) {
      if (opening.withdrawn || now() - opening.since < patience) continue
      const state = states.get(opening.start.id)
      opening.withdrawn = true
      opening.reject(databaseDown())
      if (state && !state.inFlight) {
        openings.delete(opening)
        forget(state)
      }
    }
  }, 250)
  watch.unref()

  const databaseDown = () =>
    new RuntimeRefusal('database-down', 'The database does not answer. Nothing was started; try again.', {
      retryAfter: 2,
    })

  const stateOf = (run: string, epoch: number): RunState | undefined => {
    const known = states.get(run)
    if (known && known.epoch >= epoch) return known.epoch === epoch ? known : undefined
    if (known) refuse(known, 'lost-run', true)
    const before = refusals.get(run)
    if (fenced || (before && before.epoch >= epoch)) return undefined
    const state = newRunState(run, epoch, undefined)
    states.set(run, state)
    return state
  }

  /** Puts a row into its run's queue; one whose value has to go to the artifact store first keeps its place meanwhile. */
  const give = (state: RunState, entry: Entry, seq: number, packed: Packed | Promise<Packed> | null) => {
    state.given++
    state.lastSeq = Math.max(state.lastSeq, seq)
    state.pending.push(entry)
    ready.add(state)
    schedule()
    const fill = (value: Packed | null) => {
      entry.value = value?.text ?? null
      if (value) entry.artifacts = value.artifacts
    }
    if (packed === null || 'text' in packed) return fill(packed)
    packed.then(
      (value) => {
        fill(value)
        if (!state.refused) ready.add(state)
        schedule()
      },
      (error: unknown) => {
        if (!state.refused) onBad([{ state, entries: [entry] }], error)
      },
    )
  }

  return {
    start: (start: RunStart) => {
      if (closed !== 'no') return Promise.reject(new RuntimeRefusal('stopping', 'Patchbay is stopping. Try again.'))
      if (fenced) return Promise.reject(new RuntimeRefusal('fenced', 'This process lost its lease. Try again.'))
      if (downSince !== undefined && now() - downSince > patience) return Promise.reject(databaseDown())
      if (holdsUnstorable(start.request.input))
        return Promise.reject(
          new RuntimeRefusal('bad-input', 'The input holds a NUL character or half of a surrogate pair. Remove it.'),
        )
      return new Promise((resolve, reject) => {
        const state = newRunState(start.id, start.queued ? 0 : 1, start.request.workspace)
        const snapshot = snapshots.of(start.request)
        const opening: Opening = { start, snapshot, since: now(), withdrawn: false, resolve, reject }
        openings.add(opening)
        states.set(start.id, state)
        give(
          state,
          { kind: 'start', opening, value: undefined, artifacts: [] },
          0,
          packValues(start.request.input, artifacts),
        )
      })
    },
    step: (run, epoch, row) => {
      const state = stateOf(run, epoch)
      if (!state) return
      const packed = row.outputs === null ? null : packValues(row.outputs, artifacts)
      give(state, { kind: 'step', row, value: undefined, artifacts: [] }, row.seq, packed)
    },
    source: (run, epoch, chunk) => {
      const state = stateOf(run, epoch)
      if (state)
        give(
          state,
          { kind: 'source', chunk, value: undefined, artifacts: [] },
          chunk.seq,
          packItems(chunk.items, artifacts),
        )
    },
    end: (run, epoch, end) => {
      const state = stateOf(run, epoch)
      if (!state) return
      const packed = end.output === null ? null : packValues(end.output, artifacts)
      give(state, { kind: 'end', end, value: undefined, artifacts: [] }, end.seq, packed)
    },
    durable: (run) => {
      const state = states.get(run)
      if (!state) {
        const before = refusals.get(run)
        return before ? Promise.reject(refusalError(run, before.why)) : Promise.resolve()
      }
      if (state.taken >= state.given) return Promise.resolve()
      if (closed === 'given-up') return Promise.reject(closedError(run))
      return new Promise((resolve, reject) => state.waiters.push({ upto: state.given, resolve, reject }))
    },
    holds: (run) => states.has(run) || adrift.has(run) || refusals.has(`${run} end`),
    onRefused: (told) => {
      listeners.push(told)
    },
    close: async () => {
      closed = 'draining'
      if (!fenced)
        await new Promise<void>((done) => {
          drained.push(done)
          // A database that is away does not keep a process from ending: what is unwritten is executed again.
          const limit = setTimeout(done, downSince === undefined ? 10_000 : 1_000)
          limit.unref()
          schedule()
        })
      closed = 'given-up'
      clearInterval(watch)
      // Nobody sends again from here on, so no answer comes any more.
      for (const opening of openings) refuseOpening(opening, databaseDown())
      for (const state of states.values()) tellWaiters(state, closedError)
    },
  }
}
