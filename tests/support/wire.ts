import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'

type NodeSpec = Partial<Omit<PipelineNode, 'id' | 'version'>> & { type: string }

/**
 * Writes a document briefly: nodes by id, edges as `from.port > to.port`.
 * @example wire({ a: { type: 'start' }, b: { type: 'add' } }, 'a.x > b.x')
 */
export const wire = (nodes: Record<string, NodeSpec | string>, ...edges: string[]): PipelineDocument => ({
  format: 'patchbay/1',
  name: 'Test',
  nodes: Object.entries(nodes).map(([id, node]) => ({
    id,
    version: 1,
    config: {},
    at: [0, 0],
    ...(typeof node === 'string' ? { type: node } : node),
  })),
  edges: edges.map((edge) => {
    const [from = '', to = ''] = edge.split(' > ')
    return { from, to }
  }),
})
