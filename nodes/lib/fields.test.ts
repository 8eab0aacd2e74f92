import { describe, expect, it } from 'vitest'
import { type Kind, kinds } from '../ports.ts'
import { checkKind, fieldsConfig, kindTitles, portName, readFields } from './fields.ts'

describe('readFields', () => {
  it('takes the named fields out as they are, and no others', () => {
    const document = { text: 'a', extra: 1 }
    expect(readFields({ a: document, b: 2, c: 3 }, { a: 'document', b: 'number' }, 'the row')).toEqual({
      a: document,
      b: 2,
    })
  })

  it.each<[Record<string, unknown>, Record<string, Kind>, string, string]>([
    [{}, { a: 'text' }, 'field-missing', 'the row has no field "a"; it has no fields.'],
    [{ b: 1 }, { a: 'text' }, 'field-missing', 'the row has no field "a"; it has b.'],
    [{ a: 1 }, { a: 'text' }, 'wrong-kind', '"a" of the row should be text but is the number 1.'],
    [{ a: null }, { a: 'text' }, 'wrong-kind', 'but is empty.'],
    [{ a: [1, 2] }, { a: 'number' }, 'wrong-kind', 'but is a list of 2.'],
    [{ a: [{ role: 'robot' }] }, { a: 'messages' }, 'wrong-kind', '(at 0.role)'],
    [{ a: { value: 2 } }, { a: 'score' }, 'wrong-kind', 'is an object with value (at value).'],
  ])('%j has not %j: %s', (object, fields, code, told) => {
    expect(() => readFields(object, fields, 'the row')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(told) }),
    )
  })

  it('does not find what every object inherits', () => {
    expect(() => readFields({}, JSON.parse('{"constructor": "any"}'), 'the row')).toThrow(/has no field "constructor"/)
  })
})

describe('checkKind', () => {
  it('takes anything for any', () => expect(checkKind(null, 'any', 'x')).toBe(null))
})

describe('fieldsConfig', () => {
  it('takes names of any script that can be a port', () => {
    expect(fieldsConfig.parse({ 질문: 'text', 'my-field_2': 'json' })).toEqual({ 질문: 'text', 'my-field_2': 'json' })
    for (const name of ['', 'a b', 'a.b', '🙂', 'x'.repeat(65)])
      expect(fieldsConfig.safeParse({ [name]: 'text' }).success).toBe(false)
    // zod drops this one before it asks the name's own schema.
    expect(Object.keys(fieldsConfig.parse(JSON.parse('{"__proto__": "text", "a": "text"}')))).toEqual(['a'])
    expect(portName.safeParse('__proto__').success).toBe(false)
    expect(fieldsConfig.safeParse({ a: 'string' }).success).toBe(false)
  })

  it('names every kind in both languages', () => expect(Object.keys(kindTitles)).toEqual([...kinds]))
})
