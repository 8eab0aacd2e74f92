import { readFileSync } from 'node:fs'
import type { CompiledMessage } from '@lingui/message-utils/compileMessage'
import { globSync } from 'tinyglobby'
import { describe, expect, it } from 'vitest'
import { compileMessage } from './compile-message.ts'

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Record<string, string>
const areas = globSync('en/*.json', { cwd: import.meta.dirname }).map((file) =>
  file.slice('en/'.length, -'.json'.length),
)

/** Names of all values in a compiled message, also those inside plurals. */
const placeholders = (message: CompiledMessage): string[] =>
  message.flatMap((token) => {
    if (typeof token === 'string') return [...token.matchAll(/<\/?\d+\/?>/g)].map(([tag]) => tag)
    const [name, , format] = token
    const inner = typeof format === 'object' && format ? Object.values(format as Record<string, CompiledMessage>) : []
    return [name, ...inner.filter(Array.isArray).flatMap(placeholders)]
  })
const namesIn = (text: string) => [...new Set(placeholders(compileMessage(text)))].sort()

/** Texts that are the same in both languages: names of things and signs. */
const isNameless = (text: string) => !/[A-Za-z]{2}/.test(text.replaceAll(/\{[^}]*\}/g, ''))
const sameInBoth = new Set([
  'Patchbay',
  'API',
  'JSON',
  'json',
  'CSV',
  'URL',
  'ID',
  'curl',
  'Node.js',
  'Python',
  'LoRA',
  '⌘K',
])

describe.each(areas)('texts of %s', (area) => {
  const en = read(`en/${area}.json`)
  const ko = read(`ko/${area}.json`)

  it('exist in both languages', () => {
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort())
  })

  it('carry their area and kebab-case names as keys', () => {
    for (const key of Object.keys(en)) expect(key).toMatch(new RegExp(`^${area}\\.[a-z0-9]+(-[a-z0-9]+)*$`))
  })

  it('name the same values', () => {
    for (const [key, text] of Object.entries(en)) expect(namesIn(ko[key] ?? ''), key).toEqual(namesIn(text))
  })

  it('are translated', () => {
    for (const [key, text] of Object.entries(en)) {
      if (isNameless(text) || sameInBoth.has(text)) continue
      expect(ko[key], key).not.toBe(text)
      expect(ko[key], key).toMatch(/\p{Script=Hangul}/u)
    }
  })

  it('keep to the house words', () => {
    for (const [key, text] of Object.entries(en)) expect(text, key).not.toMatch(/!|\bplease\b|successfully|oops/i)
    for (const [key, text] of Object.entries(ko))
      expect(text, key).not.toMatch(/!|하십시오|\([이가을를은는와과]\)|습니다/)
  })
})
