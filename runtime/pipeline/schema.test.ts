import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { make, pipeline } from '#tests/support/small-catalogue.ts'
import { documentSchema } from './schema.ts'

const file = new URL('patchbay-1.schema.json', import.meta.url)

describe('patchbay-1.schema.json', () => {
  it('is what the schema of the document says (run vitest with -u to write it anew)', async () => {
    await expect(`${JSON.stringify(documentSchema(), null, 2)}\n`).toMatchFileSnapshot('./patchbay-1.schema.json')
  })

  it('lets another validator tell right documents from wrong ones', () => {
    const valid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(file, 'utf8')))
    const right = pipeline([make('start', 'ask')], ['ask.질문 > out.answer'], {
      resources: { book: { kind: 'index', files: ['./a/*.md'], top: 3 } },
    })
    expect(valid(right), JSON.stringify(valid.errors)).toBe(true)
    expect(valid({ ...right, format: 'patchbay/9' })).toBe(false)
    expect(valid({ ...right, edges: [{ from: 'ask', to: 'out.answer' }] })).toBe(false)
    expect(valid({ ...right, resources: { book: { kind: 'index', files: ['../a.md'] } } })).toBe(false)
    expect(valid({ ...right, viewport: [0, 0] })).toBe(false)
  })
})
