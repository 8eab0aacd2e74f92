import type { PipelineDocument } from '#runtime/pipeline/document.ts'

const node = (id: string, type: string, config: Record<string, unknown>, x: number, title = id) =>
  ({ id, type, version: 1, title, config, at: [x, 0] }) as PipelineDocument['nodes'][number]

/** Reads JSON from each text of a list, says it, and gathers what was said: no model, so it is quick. */
export const readEach = (onItemError: 'fail' | 'skip'): PipelineDocument => ({
  format: 'patchbay/1',
  name: 'Read each',
  nodes: [
    node('given', 'input', { fields: { list: 'json' } }, 0, 'Given'),
    node('one', 'for-each', { kind: 'text' }, 240, 'One by one'),
    { ...node('read', 'parse-json', {}, 480, 'Read'), policy: { onItemError } },
    node('say', 'prompt', { template: 'Read: {{value}}' }, 720, 'Say'),
    node('all', 'collect', {}, 960, 'All'),
    node('out', 'output', { fields: { values: 'json' } }, 1200, 'Result'),
  ],
  edges: [
    { from: 'given.list', to: 'one.list' },
    { from: 'one.item', to: 'read.text' },
    { from: 'read.value', to: 'say.value' },
    { from: 'say.messages', to: 'all.items' },
    { from: 'all.list', to: 'out.values' },
  ],
})
