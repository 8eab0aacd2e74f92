import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogue } from '#nodes/registry.ts'
import { pipelineDocument } from './document.ts'
import { faultsOf, ruleOfPattern } from './faults.ts'

const found = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value)
  if (parsed.success) throw new Error('was taken')
  return faultsOf(parsed.error, value).map(({ pointer, rule, values }) => [pointer, rule, values])
}
const viaJsonSchema = (schema: z.ZodType) => z.fromJSONSchema(z.toJSONSchema(schema) as z.core.JSONSchema.JSONSchema)

const cases: [title: string, schema: z.ZodType, value: unknown, rule: string, values?: object][] = [
  ['a missing text', z.string(), undefined, 'required'],
  ['a number for a text', z.string(), 3, 'wrong-kind', { wanted: 'string' }],
  ['a half', z.int(), 1.5, 'not-whole'],
  ['a blank template', z.string().regex(/\S/), ' \n', 'blank'],
  ['an empty text', z.string().min(1), '', 'blank'],
  ['a short text', z.string().min(3), 'ab', 'too-short', { min: 3 }],
  ['a long text', z.string().max(1), 'ab', 'too-long', { max: 1 }],
  ['a short list', z.array(z.string()).min(2), [], 'too-few', { min: 2 }],
  ['a long list', z.array(z.string()).max(1), ['a', 'b'], 'too-many', { max: 1 }],
  ['a small number', z.number().min(1), 0, 'too-small', { min: 1 }],
  ['a large number', z.number().max(1), 2, 'too-large', { max: 1 }],
  ['zero for more than zero', z.number().positive(), 0, 'above', { min: 0 }],
  ['one for less than one', z.number().lt(1), 1, 'below', { max: 1 }],
  ['seven of a step of five', z.number().multipleOf(5), 7, 'not-multiple', { step: 5 }],
  ['an unknown choice', z.enum(['a', 'b']), 'c', 'wrong-choice', { choices: 'a, b' }],
  ['a foreign pattern', z.string().regex(/^[a-c]+$/), 'd', 'wrong-pattern', { pattern: '^[a-c]+$' }],
  ['a small number that may be null', z.int().min(1).nullable(), 0, 'too-small', { min: 1 }],
]

describe('faultsOf', () => {
  it.each(cases)('tells %s by its rule, also through JSON Schema', (_, schema, value, rule, values) => {
    expect(found(schema, value)).toMatchObject([['', rule, values]])
    if (value !== undefined) expect(found(viaJsonSchema(schema), value)).toMatchObject([['', rule, values]])
  })

  it('tells keys that are not known and names of keys that do not fit, with their place', () => {
    expect(found(z.strictObject({}), { more: 1 })).toEqual([['', 'unknown-key', { keys: 'more' }]])
    const record = z.object({ fields: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), z.string()) })
    expect(found(record, { fields: { 'A b': 'x' } })).toEqual([['/fields/A b', 'small-name', undefined]])
  })

  it('tells what a definition judges by itself by the rule that it names', () => {
    const odd = z.string().refine(() => false, { error: 'No.', params: { rule: 'case-else' } })
    expect(found(odd, 'x')).toEqual([['', 'case-else', undefined]])
  })
})

/** All `pattern` keywords of a JSON Schema. */
const patternsIn = (schema: unknown): string[] => {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, part]) =>
    key === 'pattern' && typeof part === 'string' ? [part] : patternsIn(part),
  )
}

it('has words for every pattern that a document or a node asks for', () => {
  const schemas = [z.toJSONSchema(pipelineDocument, { io: 'input' }), ...catalogue.map(({ config }) => config)]
  const patterns = new Set(schemas.flatMap(patternsIn))
  expect(patterns.size).toBeGreaterThan(4)
  expect([...patterns].filter((pattern) => ruleOfPattern(pattern) === undefined)).toEqual([])
})
