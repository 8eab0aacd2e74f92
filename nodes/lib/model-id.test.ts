import { describe, expect, test } from 'vitest'
import { overriding, parseModelId, secretsOfModel } from './model-id.ts'

const resources = {
  office: { kind: 'provider', baseUrl: 'http://10.0.0.5/v1', secret: 'office-key' },
  lab: { kind: 'provider' },
}

describe('a model id', () => {
  test.each([
    ['local:tiny', { provider: 'local', model: 'tiny' }],
    ['ollama:qwen3:4b', { provider: 'ollama', model: 'qwen3:4b' }],
    ['tuned:tickets@3', { provider: 'tuned', model: 'tickets@3' }],
    ['tiny', undefined],
    [':tiny', undefined],
    ['local:', undefined],
  ])('%s', (id, parsed) => expect(parseModelId(id)).toEqual(parsed))

  test.each([
    ['openai:gpt-5-nano', ['openai']],
    ['google:gemini-flash-latest', ['google']],
    ['local:tiny', []],
    ['ollama:qwen3:4b', []],
    ['office:qwen', ['office-key']],
    ['lab:qwen', []],
    ['nowhere:qwen', []],
    ['constructor:x', []],
  ])('%s may read the secrets %j', (id, secrets) => expect(secretsOfModel(id, resources)).toEqual(secrets))
})

describe('a wired model', () => {
  test.each([
    ['local:tiny', undefined, 'local:tiny'],
    ['openai:a', 'tuned:b@1', 'tuned:b@1'],
    ['openai:a', 'openai:b', 'openai:b'],
    ['local:tiny', 'ollama:c', 'ollama:c'],
  ])('in place of %s: %s → %s', (chosen, wired, called) => expect(overriding(chosen, wired)).toBe(called))
  test('never makes a node read a key that its settings do not name', () => {
    expect(() => overriding('local:tiny', 'openai:b')).toThrow(/needs a key/)
    expect(() => overriding('local:tiny', 'nonsense')).toThrow(/needs a key/)
  })
})
