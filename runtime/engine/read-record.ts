import type { Usage } from '#nodes/define.ts'
import type { Artifacts } from '../store/artifacts.ts'
import type { Query } from '../store/database.ts'
import { unpackValues } from '../store/journal/values.ts'
import { readJsonText } from '../store/json-text.ts'
import type { RunStatus } from './events.ts'
import type { RunRecord } from './run.ts'

/** A run as the database has it, with what the engine needs to follow it. */
export type StoredRun = { record: RunRecord; endSeq: number | null }

type Row = {
  id: string
  number: number
  pipeline: string | null
  name: string
  version: number | null
  trigger: RunRecord['trigger']
  status: RunStatus
  input: string
  output: string | null
  error: string | null
  usage: Usage | null
  created: Date
  started: Date | null
  ended: Date | null
  endSeq: number | null
}

/** One run by its id. */
export const readRecord = async (query: Query, artifacts: Artifacts, id: string): Promise<StoredRun | undefined> => {
  const [row] = await query<Row>(
    `select id, number, pipeline_id as pipeline, name, version, trigger, status, input::text as input,
       output::text as output, error::text as error, usage, created_at as created, started_at as started,
       ended_at as ended, end_seq as "endSeq"
     from run where id = $1::text::uuid`,
    [id],
  )
  if (!row) return undefined
  const { created, started, ended, endSeq, ...rest } = row
  return {
    endSeq,
    record: {
      ...rest,
      number: Number(row.number),
      input: await unpackValues(row.input, artifacts),
      output: row.output === null ? null : await unpackValues(row.output, artifacts),
      error: row.error === null ? null : readJsonText(row.error),
      usage: row.usage ?? { inputTokens: 0, outputTokens: 0 },
      createdAt: created.toISOString(),
      startedAt: started?.toISOString() ?? null,
      endedAt: ended?.toISOString() ?? null,
    },
  }
}
