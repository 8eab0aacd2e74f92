import { expect, it } from 'vitest'
import type { Example } from '#server/api.ts'
import { editionsFor } from './example-text.ts'

const examples = ['extract', 'triage', 'triage-ko', 'only-ko'].map(
  (id): Example => ({ id, document: { format: 'patchbay/1', name: id, nodes: [], edges: [] } }),
)

it('shows one edition of an example, in the language that is read', () => {
  expect(editionsFor(examples, 'en').map(({ id }) => id)).toEqual(['extract', 'triage', 'only-ko'])
  expect(editionsFor(examples, 'ko').map(({ id }) => id)).toEqual(['extract', 'triage-ko', 'only-ko'])
})
