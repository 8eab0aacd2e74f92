import { describe, expect, it } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { addNode, moveNodes, patchNode, removeNodes, renameNode, setConfig, setResource, titleNode } from './edits.ts'
import { copyNodes, duplicateNodes, pasteNodes } from './fragment.ts'
import { connect, disconnect, insertOnEdge, type PortNames, reconnect } from './wires.ts'

const document: PipelineDocument = {
  format: 'patchbay/1',
  name: 'Answer',
  resources: { handbook: { kind: 'index', files: ['a.md'] }, spare: { kind: 'index' } },
  nodes: [
    { id: 'ask', type: 'input', version: 1, config: { fields: { question: 'text' } }, at: [0, 0] },
    { id: 'find', type: 'retriever', version: 1, config: { index: 'handbook' }, at: [200, 0] },
    { id: 'prompt', type: 'prompt', version: 1, config: { template: '{{context}} {{question}}' }, at: [400, 0] },
    { id: 'model', type: 'model', version: 1, config: {}, at: [600, 0], pin: { text: 'yes' } },
  ],
  edges: [
    { from: 'ask.question', to: 'find.query' },
    { from: 'find.documents', to: 'prompt.context' },
    { from: 'ask.question', to: 'prompt.question' },
    { from: 'prompt.messages', to: 'model.messages' },
  ],
  groups: [{ title: 'Retrieval', nodes: ['find', 'prompt'] }],
}
const frozen = structuredClone(document)
const names: PortNames = (node) => ({
  inputs: [...String(node.config.template ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] as string),
  outputs: [],
})
const pairs = (of: PipelineDocument) => of.edges.map((edge) => `${edge.from} ${edge.to}`)

describe('editing nodes', () => {
  it('gives an added node a readable id that nobody has', () => {
    const node = { type: 'model', version: 1, config: {} }
    const once = addNode(document, node, [10, 20])
    expect(once.id).toBe('model-2')
    expect(once.document.nodes.at(-1)).toEqual({ id: 'model-2', type: 'model', version: 1, config: {}, at: [10, 20] })
    expect(addNode(once.document, node, [0, 0]).id).toBe('model-3')
    expect(addNode(document, { ...node, title: 'Zweite Lösung' }, [0, 0]).id).toBe('zweite-losung')
    expect(addNode(document, { ...node, title: '두 번째' }, [0, 0]).id).toBe('model-2')
  })

  it('removes a node with its edges and an emptied group', () => {
    const after = removeNodes(document, new Set(['find', 'prompt']))
    expect(after.nodes.map((node) => node.id)).toEqual(['ask', 'model'])
    expect(after.edges).toEqual([])
    expect(after).not.toHaveProperty('groups')
    expect(removeNodes(document, new Set(['nobody']))).toBe(document)
  })

  it('moves only what moved', () => {
    const after = moveNodes(document, new Map([['find', [200, 50]]]))
    expect(after.nodes[1]?.at).toEqual([200, 50])
    expect(after.nodes[0]).toBe(document.nodes[0])
    expect(moveNodes(document, new Map([['find', [200, 0]]]))).toBe(document)
  })

  it('lets edges and groups follow a new id, and refuses one that is taken or malformed', () => {
    const after = renameNode(document, 'find', 'search')
    expect(pairs(after)).toContain('ask.question search.query')
    expect(pairs(after)).toContain('search.documents prompt.context')
    expect(after.groups?.[0]?.nodes).toEqual(['search', 'prompt'])
    for (const id of ['ask', 'two words', '', 'find']) expect(renameNode(document, 'find', id)).toBe(document)
  })

  it('makes an id readable from the first title, and leaves a chosen id alone', () => {
    const titled = titleNode(document, 'model', 'Answer')
    expect(titled.id).toBe('answer')
    expect(pairs(titled.document)).toContain('prompt.messages answer.messages')
    expect(titleNode(titled.document, 'answer', 'Reply').id).toBe('answer')
    expect(titleNode(document, 'model', '답변').id).toBe('model')
    expect(titleNode(document, 'model', ' ').document.nodes[3]).not.toHaveProperty('title')
  })

  it('takes a key away when it is set to nothing', () => {
    const off = patchNode(document, 'model', { disabled: true, pin: undefined })
    expect(off.nodes[3]).toMatchObject({ disabled: true })
    expect(off.nodes[3]).not.toHaveProperty('pin')
    expect(patchNode(off, 'model', { disabled: undefined }).nodes[3]).not.toHaveProperty('disabled')
  })

  it('lets an edge follow one renamed port, and keeps edges of ports that are gone', () => {
    const renamed = setConfig(document, 'prompt', { template: '{{passages}} {{question}}' }, names)
    expect(pairs(renamed)).toContain('find.documents prompt.passages')
    const gone = setConfig(document, 'prompt', { template: '{{question}}' }, names)
    expect(pairs(gone)).toContain('find.documents prompt.context')
  })

  it('drops the resources key with its last entry', () => {
    expect(setResource(setResource(document, 'spare', undefined), 'handbook', undefined)).not.toHaveProperty(
      'resources',
    )
  })
})

describe('editing edges', () => {
  it('replaces the edge of an input that takes one, and adds to one that takes many', () => {
    const edge = { from: 'ask.question', to: 'prompt.context' }
    expect(pairs(connect(document, edge)).filter((pair) => pair.endsWith('prompt.context'))).toHaveLength(1)
    expect(pairs(connect(document, edge, true)).filter((pair) => pair.endsWith('prompt.context'))).toHaveLength(2)
    expect(connect(document, { from: 'ask.question', to: 'find.query' })).toBe(document)
  })

  it('keeps the place of an edge whose end moves', () => {
    const old = { from: 'ask.question', to: 'find.query' }
    const after = reconnect(document, old, { from: 'ask.question', to: 'prompt.context' })
    expect(pairs(after)).toEqual([
      'ask.question prompt.context',
      'ask.question prompt.question',
      'prompt.messages model.messages',
    ])
    expect(disconnect(document, [old]).edges).toHaveLength(3)
  })

  it('inserts a node on an edge', () => {
    const { document: with1, id } = addNode(document, { type: 'rerank', version: 1, config: {} }, [300, 0])
    const edge = { from: 'find.documents', to: 'prompt.context' }
    const after = insertOnEdge(with1, edge, { id, input: 'documents', output: 'documents' })
    expect(pairs(after).slice(1, 3)).toEqual(['find.documents rerank.documents', 'rerank.documents prompt.context'])
  })
})

describe('patching', () => {
  it('is no edit where nothing differs, so that leaving a title as it is keeps what can be redone', () => {
    expect(patchNode(document, 'ask', { title: undefined })).toBe(document)
    expect(titleNode(document, 'ask', '').document).toBe(document)
    const titled = patchNode(document, 'find', { title: 'Handbook' })
    expect(titleNode(titled, 'find', 'Handbook').document).toBe(titled)
  })
})

describe('copying', () => {
  it('takes the edges between the chosen nodes and the resources they name', () => {
    const fragment = copyNodes(document, new Set(['find', 'prompt']))
    expect(fragment.edges).toEqual([{ from: 'find.documents', to: 'prompt.context' }])
    expect(Object.keys(fragment.resources ?? {})).toEqual(['handbook'])
  })

  it('pastes under fresh ids at a place, without pins', () => {
    const { document: after, ids } = pasteNodes(document, copyNodes(document, new Set(['prompt', 'model'])), [50, 90])
    expect(ids).toEqual(['prompt-2', 'model-2'])
    expect(after.nodes.slice(4).map((node) => node.at)).toEqual([
      [50, 90],
      [250, 90],
    ])
    expect(pairs(after).at(-1)).toBe('prompt-2.messages model-2.messages')
    expect(after.nodes[5]).not.toHaveProperty('pin')
    expect(pasteNodes(after, copyNodes(after, new Set(['prompt-2'])), [0, 0]).ids).toEqual(['prompt-3'])
  })

  it('duplicates beside the original and never touches the document it was given', () => {
    expect(duplicateNodes(document, new Set(['ask'])).document.nodes.at(-1)?.at).toEqual([40, 40])
    expect(document).toEqual(frozen)
  })
})
