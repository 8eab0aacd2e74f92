import { z } from 'zod'
import type { CatalogueEntry } from '#nodes/define.ts'
import { type ComputedPorts, kinds, type Ports, port } from '#nodes/ports.ts'
import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'

type Parts = Partial<Omit<CatalogueEntry, 'inputs' | 'outputs' | 'config'>> & {
  config?: z.ZodObject
  inputs?: Ports | ComputedPorts
  outputs?: Ports | ComputedPorts
}
const asComputed = (ports: Ports | ComputedPorts = {}): ComputedPorts =>
  'rules' in ports && Array.isArray(ports.rules) ? (ports as ComputedPorts) : { fixed: ports as Ports, rules: [] }

const entry = (type: string, { config, inputs, outputs, ...parts }: Parts): CatalogueEntry => ({
  type,
  version: 1,
  title: { en: `The ${type}`, ko: type },
  group: 'flow',
  icon: type,
  docs: { en: '', ko: '' },
  keywords: [],
  effect: 'pure',
  examples: [],
  config: z.toJSONSchema(config ?? z.object({}), { io: 'input' }) as Record<string, unknown>,
  inputs: asComputed(inputs),
  outputs: asComputed(outputs),
  ...parts,
})

const fields = z.object({ fields: z.record(z.string(), z.enum(kinds)).default({ question: 'text' }) })

/** A catalogue made for tests of the pipeline: one entry per habit that a node type can have, none of the real ones. */
export const smallCatalogue: readonly CatalogueEntry[] = [
  entry('start', { config: fields, outputs: port.fromFields('fields'), boundary: 'start' }),
  entry('end', { config: fields, inputs: port.fromFields('fields'), boundary: 'end' }),
  entry('say', {
    version: 2,
    config: z.object({
      template: z.string().default('{{question}}'),
      role: z.enum(['user', 'system']).default('user'),
    }),
    inputs: port.fromTemplate('template'),
    outputs: { messages: port.messages() },
  }),
  entry('think', {
    config: z.object({ model: z.string().default('tiny') }),
    inputs: { messages: port.messages() },
    outputs: { text: port.textStream(), message: port.message() },
    effect: 'reads',
  }),
  entry('tell', {
    config: z.object({ model: z.string().default('local:tiny').meta({ ui: 'model' }) }),
    inputs: { model: port.optional(port.model()) },
    outputs: { model: port.model() },
    effect: 'reads',
  }),
  entry('find', {
    config: z.object({ index: z.string().meta({ ui: 'resource', resource: 'index' }), top: z.int().min(1).default(4) }),
    inputs: { query: port.text() },
    outputs: { documents: port.documents(), best: port.document() },
    effect: 'reads',
  }),
  entry('cut', { inputs: { text: port.text() }, outputs: { documents: port.documents() } }),
  entry('read', {
    inputs: { documents: port.documents(), hint: port.optional(port.text()) },
    outputs: { text: port.text() },
  }),
  entry('fork', {
    config: z.object({ cases: z.record(z.string(), z.json()).default({}) }),
    inputs: { value: port.any(), on: port.optional(port.text()) },
    outputs: port.with({ else: port.sameAs('value') }, port.fromKeys('cases', port.sameAs('value'))),
    exclusive: true,
  }),
  entry('join', { inputs: { values: port.many(port.any()) }, outputs: { value: port.sameAs('values') }, joins: true }),
  entry('either', { inputs: { left: port.any(), right: port.any() }, outputs: { value: port.any() }, joins: true }),
  entry('rows', {
    config: z.object({ dataset: z.string().meta({ ui: 'resource', resource: 'dataset' }) }),
    outputs: { rows: port.each(port.row()), text: port.each(port.text()), count: port.number() },
  }),
  entry('split', { inputs: { list: port.json() }, outputs: { item: port.each(port.text()) } }),
  entry('gather', { inputs: { items: port.each(port.any()) }, outputs: { list: port.json() } }),
  entry('pair', {
    inputs: { left: port.each(port.any()), right: port.each(port.any()) },
    outputs: { left: port.each(port.sameAs('left')), right: port.each(port.sameAs('right')) },
  }),
  entry('rate', { inputs: { actual: port.text(), expected: port.text() }, outputs: { score: port.score() } }),
  entry('jot', { annotation: true }),
]

/** A node for tests: `make('say', 'ask', { template: '…' })`. */
export const make = (
  type: string,
  id: string = type,
  config: PipelineNode['config'] = {},
  more: Partial<PipelineNode> = {},
): PipelineNode => ({ id, type, version: 1, config, at: [0, 0], ...more })

/** A document for tests; edges are written `a.out > b.in`. */
export const pipeline = (
  nodes: PipelineNode[],
  edges: string[] = [],
  more: Partial<PipelineDocument> = {},
): PipelineDocument => ({
  format: 'patchbay/1',
  name: 'Test',
  nodes,
  edges: edges.map((edge) => {
    const [from = '', to = ''] = edge.split(' > ')
    return { from, to }
  }),
  ...more,
})
