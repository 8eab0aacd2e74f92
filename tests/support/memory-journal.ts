import type { JournalEntry } from '#runtime/engine/state.ts'
import type { Journal, RunEnd } from '#runtime/store/journal.ts'

/** The journal's contract in memory, for properties of the pure core. Rows are copied as a database would. */
export const memoryJournal = () => {
  const entries: JournalEntry[] = []
  const ends: RunEnd[] = []
  const journal: Journal = {
    start: async ({ id }) => ({ id, epoch: 1, repeated: false }),
    step: (_run, _epoch, row) => void entries.push({ step: structuredClone(row) }),
    source: (_run, _epoch, chunk) => void entries.push({ source: structuredClone(chunk) }),
    end: (_run, _epoch, end) => void ends.push(structuredClone(end)),
    durable: async () => undefined,
    holds: () => false,
    onRefused: () => undefined,
    close: async () => undefined,
  }
  return { journal, entries, ends }
}
