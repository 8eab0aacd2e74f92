import { describe, expect, it } from 'vitest'
import { make, pipeline } from '#tests/support/small-catalogue.ts'
import { type Migrations, migrate } from './migrate.ts'

const known: Record<string, ReturnType<Migrations>> = {
  say: {
    version: 3,
    migrate: {
      1: ({ text, ...rest }) => ({ ...rest, template: text }),
      2: (config) => Object.assign(config, { role: 'user' }),
    },
  },
  gap: { version: 3, migrate: { 1: (config) => config } },
  odd: {
    version: 2,
    migrate: {
      1: () => {
        throw new Error('no template')
      },
    },
  },
}
const migrations: Migrations = (type) => (Object.hasOwn(known, type) ? known[type] : undefined)

describe('migrate', () => {
  it('takes a config through every step to the version of the registry', () => {
    const { document, migrated, findings } = migrate(pipeline([make('say', 'a', { text: 'Hi' })]), migrations)
    expect(document.nodes).toEqual([make('say', 'a', { template: 'Hi', role: 'user' }, { version: 3 })])
    expect(migrated).toEqual([{ node: 'a', type: 'say', from: 1, to: 3 }])
    expect(findings).toEqual([])
  })

  it('leaves the document it was given as it was, though a step writes into its config', () => {
    const before = pipeline([make('say', 'a', { template: 'Hi' }, { version: 2 })])
    const copy = structuredClone(before)
    expect(migrate(before, migrations).document.nodes[0]?.config).toEqual({ template: 'Hi', role: 'user' })
    expect(before).toEqual(copy)
  })

  it('gives the same document back when there is nothing to do', () => {
    const before = pipeline([make('say', 'a', {}, { version: 3 }), make('magic')])
    expect(migrate(before, migrations).document).toBe(before)
  })

  it.each([
    ['newer than the registry', make('say', 'a', {}, { version: 4 }), 'newer-version', /Update Patchbay/],
    ['without a step', make('gap', 'a'), 'invalid-config', /No step brings "a" \(gap\) from version 2 to 3/],
    ['whose step fails', make('odd', 'a'), 'invalid-config', /no template/],
    ['named like a part of Object', make('toString', 'a'), undefined, /^/],
  ] as const)('keeps a node %s and says so', (_, node, code, message) => {
    const { document, migrated, findings } = migrate(pipeline([node]), migrations)
    expect(document.nodes).toEqual([node])
    expect(migrated).toEqual([])
    expect(findings.map((finding) => finding.code)).toEqual(code ? [code] : [])
    expect(findings[0]?.message ?? '').toMatch(message)
  })
})
