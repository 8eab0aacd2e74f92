import type { PipelineDocument } from '#runtime/pipeline/document.ts'

type Graph = Pick<PipelineDocument, 'nodes' | 'edges'>

/** Input, prompt, model, output: wired, and far enough apart to be grasped. */
export const answering: Graph = {
  nodes: [
    { id: 'ask', type: 'input', version: 1, title: 'Ask', config: { fields: { question: 'text' } }, at: [0, 0] },
    { id: 'prompt', type: 'prompt', version: 1, config: { template: '{{question}}' }, at: [260, 0] },
    { id: 'model', type: 'model', version: 1, config: { model: 'local:tiny', maxTokens: 8 }, at: [520, 0] },
    { id: 'out', type: 'output', version: 1, config: { fields: { answer: 'text' } }, at: [820, 0] },
  ],
  edges: [
    { from: 'ask.question', to: 'prompt.question' },
    { from: 'prompt.messages', to: 'model.messages' },
    { from: 'model.text', to: 'out.answer' },
  ],
}

/** The same without wires. */
export const loose: Graph = { nodes: answering.nodes, edges: [] }
