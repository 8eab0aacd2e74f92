import { uuidv7 } from 'uuidv7'
import type { StartRequest } from '#runtime/engine/run.ts'
import { createJournal } from '#runtime/store/create-journal.ts'
import type { Database } from '#runtime/store/database.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import type { RunEnd, RunStart, SourceChunk, StepRow } from '#runtime/store/journal.ts'
import { type OwnershipSettings, takeOwnership } from '#runtime/store/ownership.ts'

export const request: StartRequest = {
  workspace: 'local',
  document: { format: 'patchbay/1', name: 'Test', nodes: [], edges: [] },
  files: {},
  input: { question: 'why' },
  trigger: 'api',
}

export const aStart = (over: Partial<StartRequest> = {}, more: Partial<RunStart> = {}): RunStart => ({
  id: uuidv7(),
  request: { ...request, ...over },
  at: Date.now(),
  ...more,
})
export const aStep = (seq: number, over: Partial<StepRow> = {}): StepRow => ({
  node: `node-${seq}`,
  path: [],
  status: 'succeeded',
  attempt: 1,
  startedAt: Date.now(),
  ms: 1.5,
  outputs: { text: `out ${seq}` },
  error: null,
  usage: null,
  seq,
  ...over,
})
export const aSource = (seq: number, over: Partial<SourceChunk> = {}): SourceChunk => ({
  node: 'rows',
  path: [],
  from: 0,
  items: [{ row: 1 }, { row: 2 }],
  last: true,
  seq,
  ...over,
})
export const anEnd = (seq: number, over: Partial<RunEnd> = {}): RunEnd => ({
  status: 'succeeded',
  output: { answer: 'because' },
  error: null,
  usage: { inputTokens: 0, outputTokens: 0 },
  at: Date.now(),
  seq,
  ...over,
})

/** A registered process with its journal, as the engine puts them together. Several can share an embedded database here. */
export const aProcess = async (database: Database, over: Partial<OwnershipSettings> = {}) => {
  const artifacts = await openTemporaryArtifacts()
  const ownership = await takeOwnership({ database, timer: false, alone: false, ...over })
  const journal = createJournal({ database, process: ownership.process, artifacts })
  const refused: { run: string; why: string }[] = []
  journal.onRefused((run, why) => refused.push({ run, why }))
  return {
    artifacts,
    ownership,
    journal,
    refused,
    stop: async () => {
      await journal.close()
      await artifacts.close()
    },
  }
}
