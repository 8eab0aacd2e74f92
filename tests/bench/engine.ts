import { z } from 'zod'
import { type AnyNode, defineNode, type Registry } from '#nodes/define.ts'
import { port } from '#nodes/ports.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { StartRequest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import type { Database } from '#runtime/store/database.ts'
import { testRegistry } from '../support/test-nodes.ts'
import { wire } from '../support/wire.ts'
import { openRawBound } from './raw-bound.ts'
import { median, rate } from './timing.ts'

/** One line of the table. `bound` is the same rows through bare group commits, in the same run. */
export type Measure = {
  what: string
  value: number
  unit: 'ms' | 's' | 'MB' | 'runs/s' | 'calls/s' | 'answers/s' | 'tokens/s' | '%' | 'ms/node' | 'h' | '×' | 'of 1'
  bound?: number
  goal?: string
}

const both = (text: string) => ({ en: text, ko: text })

/** Changes one digit of a text: real work, and a value of its own per step. */
const touch = defineNode({
  type: 'touch',
  version: 1,
  title: both('Touch'),
  group: 'flow',
  icon: 'box',
  docs: both('Touch'),
  config: z.object({ mark: z.string() }),
  inputs: { text: port.text() },
  outputs: { text: port.text() },
  effect: 'pure',
  run: ({ config, inputs }) => ({ text: config.mark + inputs.text.slice(config.mark.length) }),
})

const registry: Registry = new Map([...testRegistry(), [touch.type, touch as unknown as AnyNode]])

/** `start`, so many pure nodes in a row, `end`. */
const chain = (length: number): PipelineDocument => {
  const names = Array.from({ length }, (_, at) => `n${at}`)
  return wire(
    {
      in: { type: 'start', config: { fields: { text: 'text' } } },
      ...Object.fromEntries(names.map((name) => [name, { type: 'touch', config: { mark: name } }])),
      out: { type: 'end', config: { fields: { text: 'text' } } },
    },
    ...names.map((name, at) => `${at === 0 ? 'in' : names[at - 1]}.text > ${name}.text`),
    `${names.at(-1)}.text > out.text`,
  )
}

const map = wire(
  { in: 'start', rows: 'split', a: 'add', b: 'add', c: 'add', all: 'gather', out: 'end' },
  'in.x > rows.x',
  'rows.x > a.x',
  'a.x > b.x',
  'b.x > c.x',
  'c.x > all.x',
  'all.sum > out.y',
)

const requestOf = (document: PipelineDocument, input: Record<string, unknown>): StartRequest => ({
  workspace: 'local',
  pipeline: '01900000-0000-7000-8000-000000000001',
  version: 1,
  document,
  files: {},
  input,
  trigger: 'hook',
})

const runOnce = async (engine: Engine, request: StartRequest): Promise<void> => {
  const { id } = await engine.start(request)
  const record = await engine.wait(id, 60_000)
  if (record?.status !== 'succeeded') throw new Error(`A run of the bench ended as ${record?.status}.`)
}

/** Measures the engine alone on a database, and beside it what that database can do at most. */
export const benchEngine = async (database: Database, artifacts: Artifacts, seconds = 3): Promise<Measure[]> => {
  const engine = await createEngine({
    database,
    registry,
    artifacts,
    secret: async () => undefined,
    endpoint: async (model) => ({ url: '', model }),
  })
  const raw = await openRawBound(database)
  const measures: Measure[] = []
  const add = (measure: Measure) => measures.push(measure)
  const text = 'x'.repeat(1_000)
  const medians = new Map<number, number>()
  for (const nodes of [1, 10, 50]) {
    const request = requestOf(chain(nodes), { text })
    const commit = raw.committer(nodes + 2, text)
    await rate(64, seconds / 3, () => runOnce(engine, request))
    await rate(64, seconds / 3, commit)
    const each = await median(300, () => runOnce(engine, request))
    medians.set(nodes, each)
    const eachRaw = await median(300, commit)
    add({
      what: `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, 1 client, p50`,
      value: each,
      unit: 'ms',
      bound: eachRaw,
      goal: nodes === 10 ? '≤ 3' : '',
    })
    const many = await rate(64, seconds, () => runOnce(engine, request))
    const manyRaw = await rate(64, seconds, commit)
    add({
      what: `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, 64 clients`,
      value: many,
      unit: 'runs/s',
      bound: manyRaw,
      goal: nodes === 10 ? '≥ 3,000' : '',
    })
  }
  const further = ((medians.get(50) ?? 0) - (medians.get(10) ?? 0)) / 40
  add({ what: 'each further node', value: further, unit: 'ms/node', goal: '≤ 0.1' })
  for (const [rows, goal] of [
    [1_000, '≤ 100'],
    [10_000, '≤ 1,000'],
  ] as const) {
    const request = requestOf(map, { x: rows })
    await runOnce(engine, request)
    const took = await median(3, () => runOnce(engine, request))
    const bound = await median(3, () => raw.commit(rows * 3, '1'))
    add({ what: `map of ${rows.toLocaleString('en')} rows × 3 nodes`, value: took, unit: 'ms', bound, goal })
  }
  await raw.drop()
  await engine.stop()
  return measures
}
