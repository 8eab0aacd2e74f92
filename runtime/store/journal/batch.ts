import { arrayText, elementText } from './array-text.ts'
import { endText, keyText, sourceText, startText } from './rows.ts'
import { type Entry, type Opening, type RunState, readyRows } from './run-state.ts'
import type { Snapshots } from './snapshots.ts'
import { stepColumns } from './step-columns.ts'

/** Rows of one run in one flush. */
export type Share = { state: RunState; entries: Entry[] }
export type Batch = readonly Share[]

/**
 * Rows and text of one flush. Above them latency grows and throughput does not.
 *
 * Items of a map are rows like any others. 10,000 items x 3 nodes cost PostgreSQL 0.27 s of CPU, and 0.05 s as 30 rows of
 * 1,000 items; but a row per item is what makes an item's second result a conflict, and what the run view pages through.
 */
export const limits = { rows: 5_000, text: 8_000_000 }

const textOf = (entry: Entry): number =>
  (entry.value?.length ?? 0) + (entry.kind === 'start' ? entry.opening.snapshot.text.length : 0)

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

/** The start of a run, with its end if that is in the same flush; what is folded in is not sent again. */
const takeStart = (
  entries: readonly Entry[],
): { text: string; opening: Opening; folded: Entry | undefined } | undefined => {
  const [first] = entries
  if (first?.kind !== 'start') return undefined
  const { opening } = first
  const last = entries.at(-1)
  // Sources need the run to be open when they are written.
  const foldable = last?.kind === 'end' && !opening.start.queued && !entries.some((entry) => entry.kind === 'source')
  const end = foldable ? { end: last.end, output: last.value ?? null } : undefined
  const text = startText(opening.start, opening.snapshot.digest, first.value ?? '{}', end)
  return { text, opening, folded: foldable ? last : undefined }
}

/** The parameters of `journal_flush` after the process's id and epoch. */
export const parametersOf = (batch: Batch, snapshots: Snapshots): unknown[] => {
  const documents = new Map<string, string>()
  const keys: string[] = []
  const starts: string[] = []
  const sources: string[] = []
  const ends: string[] = []
  const artifacts: string[] = []
  const steps = stepColumns()
  let queued = 0
  batch.forEach(({ state, entries }, index) => {
    const started = takeStart(entries)
    if (started) {
      const { start, snapshot } = started.opening
      if (!snapshots.isStored(snapshot)) documents.set(`${snapshot.workspace}/${snapshot.digest}`, snapshot.text)
      const key = keyText(start)
      if (key !== undefined) keys.push(key)
      if (start.queued) queued++
      starts.push(started.text)
    }
    for (const entry of entries) {
      for (const sha256 of entry.artifacts) artifacts.push(`{"r":${index + 1},"s":"${sha256}"}`)
      const value = entry.value ?? null
      if (entry.kind === 'step') steps.add(index + 1, entry.row, value)
      else if (entry.kind === 'source') sources.push(sourceText(index + 1, entry.chunk, value ?? '[]'))
      else if (entry.kind === 'end' && entry !== started?.folded) ends.push(endText(index + 1, entry.end, value))
    }
  })
  const isFresh = ({ entries }: Share) => entries[0]?.kind === 'start'
  return [
    list([...documents.values()]),
    list(keys),
    list(starts),
    queued,
    `{${batch.map(({ state }) => state.id).join(',')}}`,
    `{${batch.map((share) => (isFresh(share) ? 0 : share.state.epoch)).join(',')}}`,
    arrayText(batch.map(({ state }) => elementText(state.workspace))),
    ...steps.parameters(),
    list(sources),
    sources.length,
    list(ends),
    ends.length,
    list(artifacts),
  ]
}
