import { createEngine } from '#runtime/engine/create-engine.ts'
import type { Engine, EngineDependencies } from '#runtime/engine/engine.ts'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord, StartRequest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Database, Query } from '#runtime/store/database.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import { testRegistry } from './test-nodes.ts'

type Behaviours = NonNullable<Parameters<typeof testRegistry>[0]>

/** An engine with the test nodes; `behaviours` script the nodes `pure`, `read` and `write`. */
export const openEngine = async (
  database: Database,
  behaviours: Behaviours = {},
  more: Partial<EngineDependencies> = {},
): Promise<Engine> =>
  createEngine({
    database,
    registry: testRegistry(behaviours),
    artifacts: await openTemporaryArtifacts(),
    secret: async (_, name) => (name === 'token' ? 'hush-hush' : undefined),
    endpoint: async (model) => ({ url: 'http://127.0.0.1:1', model }),
    ...more,
  })

export const request = (
  document: PipelineDocument,
  input: Record<string, unknown> = {},
  more: Partial<StartRequest> = {},
): StartRequest => ({ workspace: 'local', document, files: {}, input, trigger: 'api', ...more })

/** Starts a run and waits for its end. */
export const finish = async (
  engine: Engine,
  document: PipelineDocument,
  input: Record<string, unknown> = {},
  more: Partial<StartRequest> = {},
): Promise<RunRecord> => {
  const { id } = await engine.start(request(document, input, more))
  const record = await engine.wait(id, 20_000)
  if (!record) throw new Error(`Run ${id} is gone.`)
  return record
}

/** All events of a run until its end. */
export const collect = async (engine: Engine, id: string, after?: number): Promise<RunEvent[]> => {
  const events: RunEvent[] = []
  for await (const event of engine.events(id, after)) events.push(event)
  return events
}

/** A database whose process dies when the test says so: nothing that it sends after `cut` arrives, nothing answers. */
export const cuttable = (database: Database): Database & { cut: () => void } => {
  let dead = false
  const never = () => new Promise<never>(() => {})
  const query: Query = (sql, params) => (dead ? never() : database.query(sql, params))
  return {
    ...database,
    query,
    transaction: (work) => (dead ? never() : database.transaction(work)),
    listen: (channel, heard) => database.listen(channel, (payload) => dead || heard(payload)),
    cut: () => {
      dead = true
    },
  }
}

/** Makes the processes that are cut off look silent, as if a lease had passed. */
export const passLease = async (database: Database): Promise<void> => {
  await database.query(`update server_beat set at = now() - interval '1 minute'`)
}

export const stepRows = (database: Database, run: string) =>
  database.query<{ node: string; path: number[]; status: string; attempt: number; mark: string | null }>(
    'select node, path, status, attempt, mark from run_step where run_id = $1::text::uuid order by seq',
    [run],
  )
