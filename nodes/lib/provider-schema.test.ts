import { describe, expect, test } from 'vitest'
import { closed, isStrict, opened } from './provider-schema.ts'

const person = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string' },
    homes: { type: 'array', items: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
    pet: { anyOf: [{ type: 'null' }, { type: 'object', properties: {}, additionalProperties: true }] },
  },
  required: ['name', 'homes', 'pet'],
}

describe('a schema for a provider', () => {
  test('is closed at every depth', () => {
    expect(closed(person)).toMatchObject({
      additionalProperties: false,
      properties: {
        homes: { items: { additionalProperties: false } },
        pet: { anyOf: [{ type: 'null' }, { additionalProperties: false }] },
      },
    })
    expect(closed(person)).not.toHaveProperty('properties.name.additionalProperties')
  })

  test('is opened at every depth', () => {
    expect(JSON.stringify(opened(closed(person)))).not.toContain('additionalProperties')
    expect(opened(person)).not.toHaveProperty('$schema')
  })

  test('keeps a property that is called like a keyword', () => {
    const odd = { type: 'object', properties: { additionalProperties: { type: 'string' } } }
    expect(opened(odd)).toEqual(odd)
  })

  test('is strict only if everything is required', () => {
    expect(isStrict(person)).toBe(true)
    expect(isStrict({ ...person, required: ['name'] })).toBe(false)
    expect(isStrict({ type: 'array', items: { type: 'object', properties: { a: {} }, required: [] } })).toBe(false)
  })
})
