import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue, registry } from '#nodes/registry.ts'
import { serialise } from '#runtime/pipeline/canonical.ts'
import { check } from '#runtime/pipeline/check.ts'
import { configParser, parseConfigBySchema } from '#runtime/pipeline/config.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'

const folder = new URL('../../examples/', import.meta.url).pathname
const examples = readdirSync(folder, { withFileTypes: true }).flatMap((item) => (item.isDirectory() ? [item.name] : []))

describe.each(examples)('the example %s', (name) => {
  const text = readFileSync(join(folder, name, 'pipeline.json'), 'utf8')
  const parsed = parseDocument(text)
  const files = readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((path) =>
    path.replaceAll('\\', '/'),
  )

  it('is written in the canonical form', () => {
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
    expect(serialise(parsed.document)).toBe(text)
  })

  it.each([
    ['on the server', configParser((entry) => registry.get(entry.type)?.config)],
    ['in the browser', parseConfigBySchema],
  ])('has no findings %s', (_, parseConfig) => {
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
    expect(check(parsed.document, catalogue, { parseConfig, files })).toEqual([])
  })
})
