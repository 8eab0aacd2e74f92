import { expect, it } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { openBareDesk } from '#tests/support/bare-desk.ts'

const document: PipelineDocument = {
  format: 'patchbay/1',
  name: 'a',
  nodes: [
    { id: 'ask', type: 'input', version: 1, config: {}, at: [0, 0] },
    { id: 'out', type: 'output', version: 1, config: {}, at: [200, 0] },
  ],
  edges: [],
}

it('lets go of nodes and cables that an undo took away', () => {
  const desk = openBareDesk(document)
  desk.wire({ node: 'ask', port: 'text' }, { node: 'out', port: 'text' })
  desk.duplicate(new Set(['ask']))
  desk.view.select([...desk.view.getState().nodes, 'out'], ['ask.text out.text'])
  desk.store.undo()
  expect([...desk.view.getState().nodes]).toEqual(['out'])
  desk.store.undo()
  expect(desk.view.getState().edges.size).toBe(0)
  desk.close()
})

it('holds on to a node that gets another id, and does not take it for another choice', () => {
  const desk = openBareDesk(document)
  desk.view.select(['ask'])
  const { choice } = desk.view.getState()
  desk.rename('ask', 'question')
  desk.title('out', 'Answer')
  expect([...desk.view.getState().nodes]).toEqual(['question'])
  expect(desk.view.getState().choice).toBe(choice)
  desk.view.jump('answer')
  expect(desk.view.getState().choice).toBe(choice + 1)
  desk.close()
})
