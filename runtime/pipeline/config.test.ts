import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { CatalogueEntry } from '#nodes/define.ts'
import { smallCatalogue } from '#tests/support/small-catalogue.ts'
import { configParser, parseConfigBySchema, withDefaults } from './config.ts'

const entryWith = (config: Record<string, unknown>): CatalogueEntry => ({
  ...(smallCatalogue[0] as CatalogueEntry),
  config,
})
const schema = z.object({
  size: z.int().min(1).max(9).default(4),
  mode: z.enum(['fast', 'slow']).default('fast').meta({ ui: 'text' }),
  fields: z.record(z.string().regex(/^[\p{L}_]{1,8}$/u), z.enum(['text', 'number'])).optional(),
  cases: z.array(z.object({ when: z.string(), then: z.json() })).default([]),
  choice: z
    .discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b'), x: z.number() })])
    .optional(),
})
const entry = entryWith(z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>)

describe('parseConfigBySchema', () => {
  it('fills in the defaults that the definition has', () => {
    expect(parseConfigBySchema(entry, {})).toEqual({ ok: true, config: { size: 4, mode: 'fast', cases: [] } })
  })

  it('agrees with the definition on what is right and wrong, and where', () => {
    const own = configParser(() => schema)
    for (const config of [
      { size: 0 },
      { size: 1.5 },
      { mode: 'best' },
      { cases: [{ when: 1, then: null }] },
      { fields: { a: 'x' } },
      { choice: { kind: 'b' } },
      { size: 9, mode: 'slow', fields: { 질문: 'text' }, choice: { kind: 'a' } },
    ]) {
      const [bySchema, byDefinition] = [parseConfigBySchema(entry, config), own(entry, config)]
      expect(bySchema.ok).toBe(byDefinition.ok)
      // A union's parts have no names in JSON Schema, so there the place is the union.
      if (!bySchema.ok && !byDefinition.ok)
        expect(byDefinition.errors[0]?.pointer.startsWith(bySchema.errors[0]?.pointer ?? '-')).toBe(true)
    }
  })

  it('leaves names of other scripts to the server, which knows them', () => {
    expect(parseConfigBySchema(entry, { fields: { 질문: 'text' } }).ok).toBe(true)
    expect(configParser(() => schema)(entry, { fields: { '1': 'text' } })).toMatchObject({
      errors: [{ pointer: '/fields/1', message: expect.stringContaining('pattern') }],
    })
  })

  it('judges nothing by a schema that it cannot read', () => {
    expect(parseConfigBySchema(entryWith({ if: {}, then: {} }), { a: 1 })).toEqual({ ok: true, config: { a: 1 } })
    expect(
      parseConfigBySchema(entryWith({ type: 'object', properties: { a: { $ref: '#/nowhere' } } }), { a: 1 }).ok,
    ).toBe(true)
  })
})

describe('withDefaults', () => {
  it('keeps what is written and adds the defaults of what is not', () => {
    expect(withDefaults(entry, { size: 'wrong', own: 1 })).toEqual({ size: 'wrong', mode: 'fast', cases: [], own: 1 })
    expect(withDefaults(entryWith({}), { own: 1 })).toEqual({ own: 1 })
  })
})
