import { describe, expect, it } from 'vitest'
import { failureCase } from './run-error-words.ts'

describe('failureCase', () => {
  it.each([
    ['model-id-invalid', { model: 'gpt-99' }, 'model-id-invalid'],
    ['model-missing', { model: 'local:none', there: ['local:tiny'] }, 'model-missing-here'],
    ['model-missing', { model: 'tuned:router@3', there: ['local:tiny'] }, 'model-missing-tuned'],
    ['model-missing', { model: 'openai:gpt-99', provider: 'OpenAI' }, 'model-missing-hosted'],
    ['model-missing', {}, 'model-missing'],
    ['no-worker', { model: 'tuned:router@3' }, 'no-worker'],
  ])('tells %s with %j as %s', (code, details, found) => {
    expect(failureCase({ code, details })).toBe(found)
  })
})
