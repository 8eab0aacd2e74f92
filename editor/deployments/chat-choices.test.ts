import { expect, it } from 'vitest'
import { catalogue } from '#nodes/registry.ts'
import { wire } from '#tests/support/wire.ts'
import { chatChoices, onlyFit } from './chat-choices.ts'

const types = new Map(catalogue.map((entry) => [entry.type, entry]))
const triage = wire(
  {
    ask: { type: 'input', config: { fields: { ticket: 'text', size: 'number' } } },
    out: { type: 'output', config: { fields: { queue: 'text', size: 'number' } } },
  },
  'ask.ticket > out.queue',
  'ask.size > out.size',
)

it('offers the fields of the pipeline, and only those that can carry a chat fit', () => {
  const { inputs, outputs } = chatChoices(triage, types)
  expect(inputs).toEqual([
    { name: 'ticket', kind: 'text', fits: true },
    { name: 'size', kind: 'number', fits: false },
  ])
  expect(onlyFit(inputs)).toBe('ticket')
  expect(onlyFit(outputs)).toBe('queue')
})

it('chooses for nobody where two fit', () => {
  expect(
    onlyFit([...chatChoices(triage, types).inputs, { name: 'more', kind: 'messages', fits: true }]),
  ).toBeUndefined()
})

it('says before the server does what a chat would leave empty', () => {
  expect(chatChoices(triage, types).faultOf('ticket', 'queue')).toMatchObject({
    at: 'input',
    rule: 'starved',
    values: { field: 'ticket', missing: 'size' },
  })
})
