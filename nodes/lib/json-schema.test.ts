import { describe, expect, it } from 'vitest'
import { compileSchema } from './json-schema.ts'

describe('compileSchema', () => {
  it('says where and why a value does not fit', () => {
    const check = compileSchema({
      type: 'object',
      properties: { team: { enum: ['billing', 'account'] }, tags: { items: { type: 'string' } } },
      additionalProperties: false,
    })
    expect(check({ team: 'billing', tags: ['a'] })).toBeUndefined()
    expect(check({ team: 'legal' })).toEqual({
      at: '/team',
      why: 'must be equal to one of the allowed values (billing, account)',
    })
    expect(check({ tags: ['a', 1] })).toEqual({ at: '/tags/1', why: 'must be string' })
    expect(check({ tema: 1 })).toEqual({ at: '/', why: 'must NOT have additional properties (tema)' })
  })

  it('reads draft-07 and 2020-12', () => {
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', items: { type: 'number' } }
    const newest = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'number' }] }
    for (const schema of [draft7, newest]) {
      expect(compileSchema(schema)([1])).toBeUndefined()
      expect(compileSchema(schema)(['1'])?.at).toBe('/0')
    }
  })

  it('refuses a schema whose check would be a promise', () => {
    for (const schema of [{ $async: true, type: 'array' }, { items: { $async: true, type: 'array' } }])
      expect(() => compileSchema(schema)).toThrow(expect.objectContaining({ code: 'schema-invalid' }))
  })

  it('takes words that it does not know, as the standard wants', () => {
    expect(compileSchema({ type: 'string', format: 'email', example: 'a@b.c' })('no mail')).toBeUndefined()
  })

  it.each([
    [{ type: 'objekt' }, /must be equal to one of the allowed values/],
    [{ $ref: 'https://example.com/schema.json' }, /can't resolve reference/],
    [{ properties: { a: { pattern: '(' } } }, /The pattern cannot be read/],
  ])('refuses %j', (schema, told) => {
    expect(() => compileSchema(schema)).toThrow(told)
    expect(() => compileSchema(schema)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(schema|pattern)-invalid$/) }),
    )
  })

  it('keeps patterns apart', () => {
    const check = compileSchema({
      properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } },
      patternProperties: { '^x': { const: 1 } },
    })
    expect(check({ a: 'a', b: 'b', x1: 1 })).toBeUndefined()
    expect(check({ a: 'a', b: 'a' })).toEqual({ at: '/b', why: 'must match pattern "^b$"' })
    expect(check({ x1: 2 })?.at).toBe('/x1')
  })

  it('bounds the patterns inside of it', () => {
    const check = compileSchema({ pattern: '^(a+)+$' })
    expect(check('aaa')).toBeUndefined()
    expect(() => check(`${'a'.repeat(40)}!`)).toThrow(expect.objectContaining({ code: 'pattern-slow' }))
  })

  it('compiles no code out of a schema', () => {
    const evil = `"]; globalThis.hacked = true; //`
    const check = compileSchema({ properties: { [evil]: { const: evil } }, required: [evil] })
    expect(check({ [evil]: evil })).toBeUndefined()
    expect(globalThis).not.toHaveProperty('hacked')
  })
})
