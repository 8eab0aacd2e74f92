import { describe, expect, it } from 'vitest'
import { make, pipeline, smallCatalogue } from '#tests/support/small-catalogue.ts'
import { lift } from './lift.ts'
import { inputFields, parseRunInput } from './run-input.ts'

const document = pipeline([
  make('start', 'ask', { fields: { question: 'text', top: 'number', past: 'messages' } }),
  make('start', 'more', { fields: { question: 'text', strict: 'boolean' } }),
  make('start', 'off', { fields: { never: 'text' } }, { disabled: true }),
  make('say'),
])
const lifted = lift(document, smallCatalogue)
const message = { role: 'user', content: 'Hi' }
const whole = { question: '몇 시?', top: 3, past: [message], strict: false }

describe('inputFields', () => {
  it('lists the fields of all starts once, in the order of their ports', () => {
    expect([...inputFields(document, smallCatalogue)]).toEqual([
      ['question', { kind: 'text', required: true }],
      ['top', { kind: 'number', required: true }],
      ['past', { kind: 'messages', required: true }],
      ['strict', { kind: 'boolean', required: true }],
    ])
  })
})

describe('parseRunInput', () => {
  it('takes a value for every field', () => expect(parseRunInput(lifted, whole)).toEqual({ ok: true, input: whole }))

  it('takes one message for messages', () =>
    expect(parseRunInput(lifted, { ...whole, past: message })).toEqual({ ok: true, input: whole }))

  it.each<[title: string, input: unknown, pointer: string, message: RegExp]>([
    ['a text for a number', { ...whole, top: '3' }, '/top', /"top" takes number; this is a string/],
    ['null for a text', { ...whole, question: null }, '/question', /this is null/],
    ['a list for a boolean', { ...whole, strict: [] }, '/strict', /this is a list/],
    ['a message without a role', { ...whole, past: [{ content: 'Hi' }] }, '/past/0/role', /messages/],
    [
      'a field that is missing',
      { question: 'a', top: 1, past: [] },
      '/strict',
      /"strict" is missing\. Send a value of kind boolean/,
    ],
    [
      'a field that nobody asked for',
      { ...whole, 'a/b': 1 },
      '/a~1b',
      /no input field "a\/b".*question, top, past, strict/,
    ],
    ['a field with an inherited name', { ...whole, toString: 'x' }, '/toString', /no input field/],
    ['no object', 'hello', '', /an object with one value per field/],
    ['a list', [], '', /an object with one value per field/],
    ['nothing', undefined, '', /not JSON/],
    ['U+0000', { ...whole, question: 'a\u0000' }, '/question', /U\+0000/],
    ['a reserved key', JSON.parse('{"__proto__": {"question": "x"}}'), '/__proto__', /reserved/],
  ])('refuses %s and says where', (_, input, pointer, message) => {
    const parsed = parseRunInput(lifted, input)
    if (parsed.ok) throw new Error('was taken')
    expect(parsed.errors[0]?.pointer).toBe(pointer)
    expect(parsed.errors[0]?.message).toMatch(message)
  })
})
