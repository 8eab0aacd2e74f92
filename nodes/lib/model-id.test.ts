import { describe, expect, test } from 'vitest'
import { parseModelId, secretsOfModel } from './model-id.ts'

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
