import { mkdir } from 'node:fs/promises'
import { createEngine } from '#runtime/engine/create-engine.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { type DatabasePlace, openDatabase } from '#runtime/store/open-database.ts'
import { request } from '../support/engines.ts'
import { testRegistry } from '../support/test-nodes.ts'
import { crashPipeline } from './crash-pipeline.ts'

/*
 * A process with an engine, made to be killed. It starts runs when it is told to, and tells each once it is accepted.
 */
export type Order = { start: number } | { wait: string } | { stop: true }
export type Report =
  | { ready: true }
  | { accepted: string; x: number }
  | { ended: string; status: string; output: unknown }

const [place, artifacts] = JSON.parse(process.argv[2] ?? '') as [DatabasePlace, string]
const tell = (report: Report) => process.send?.(report)

await mkdir(artifacts, { recursive: true })
const database = await openDatabase(place)
const engine = await createEngine({
  database,
  registry: testRegistry({
    // Long enough that a kill finds steps in flight.
    ponder: async ({ inputs }) => {
      await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 20))
      return { x: inputs.x }
    },
  }),
  artifacts: await openArtifacts(artifacts),
  secret: async () => undefined,
  endpoint: async (model) => ({ url: '', model }),
  runs: 25,
})

process.on('message', async (order: Order) => {
  if ('start' in order) {
    const { id } = await engine.start(request(crashPipeline, { x: order.start }))
    tell({ accepted: id, x: order.start })
  } else if ('wait' in order) {
    const record = await engine.wait(order.wait, 60_000)
    tell({ ended: order.wait, status: record?.status ?? 'unknown', output: record?.output })
  } else {
    // Also the runs whose acceptance the killed process could not tell any more.
    const open = await database.query<{ id: string }>('select id from run where ended_at is null')
    for (const { id } of open) await engine.wait(id, 60_000)
    await engine.stop()
    await database.close()
    process.disconnect()
  }
})
tell({ ready: true })
