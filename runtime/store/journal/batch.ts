import { keyText, startText } from './rows.ts'
import { type Entry, type RunState, readyRows } from './run-state.ts'
import type { Snapshots } from './snapshots.ts'

/** Rows of one run in one flush. */
export type Share = { state: RunState; entries: Entry[] }
export type Batch = readonly Share[]

/** Rows and text of one flush. Above them latency grows and throughput does not. */
export const limits = { rows: 5_000, text: 8_000_000 }

const textOf = (entry: Entry): number =>
  (entry.text?.length ?? 0) + (entry.kind === 'start' ? (entry.opening?.snapshot.text.length ?? 0) : 0)

/** Takes rows of runs that have no rows in flight, in the order in which the runs became ready. */
export const collect = (ready: Set<RunState>): Batch => {
  const batch: Share[] = []
  let rows = 0
  let text = 0
  for (const state of ready) {
    if (state.inFlight) continue
    let count = readyRows(state, limits.rows - rows)
    if (count === 0) continue
    for (let i = 0; i < count; i++) {
      text += textOf(state.pending[i] as Entry)
      if (text > limits.text && rows + i > 0) count = i
    }
    if (count === 0) break
    batch.push({ state, entries: state.pending.splice(0, count) })
    state.inFlight = true
    rows += count
    if (state.pending.length === 0) ready.delete(state)
    if (rows >= limits.rows || text > limits.text) break
  }
  return batch
}

const list = (parts: readonly string[]): string => `[${parts.join(',')}]`

/** The parameters of `journal_flush` after the process's id and epoch. */
export const parametersOf = (batch: Batch, snapshots: Snapshots): unknown[] => {
  const documents = new Map<string, string>()
  const keys: string[] = []
  const starts: string[] = []
  const fresh: string[] = []
  const steps: string[] = []
  const sources: string[] = []
  const ends: string[] = []
  const runs: string[] = []
  const epochs: number[] = []
  let queued = 0
  for (const { state, entries } of batch) {
    const opening = entries[0]?.opening
    const closing = entries.at(-1)
    const hasSource = entries.some((entry) => entry.kind === 'source')
    const folded = opening && !opening.start.queued && !hasSource && closing?.end ? closing : undefined
    if (opening) {
      const { start, snapshot } = opening
      if (!snapshots.isStored(snapshot)) documents.set(snapshot.workspace + snapshot.digest, snapshot.text)
      const key = keyText(start)
      if (key !== undefined) keys.push(key)
      if (start.queued) queued++
      starts.push(startText(start, snapshot.digest, entries[0]?.text ?? '{}', folded?.end))
    }
    if (!opening || hasSource || (closing?.kind === 'end' && !folded)) {
      runs.push(state.id)
      epochs.push(state.epoch)
    }
    for (const entry of entries) {
      const text = entry.text ?? 'null'
      if (entry.kind === 'step') (opening ? fresh : steps).push(text)
      else if (entry.kind === 'source') sources.push(text)
      else if (entry.kind === 'end' && entry !== folded) ends.push(text)
    }
  }
  return [
    list([...documents.values()]),
    list(keys),
    list(starts),
    queued,
    list(fresh),
    `{${runs.join(',')}}`,
    `{${epochs.join(',')}}`,
    list(steps),
    steps.length,
    list(sources),
    sources.length,
    list(ends),
    ends.length,
  ]
}
