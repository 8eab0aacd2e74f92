import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InputField } from '#runtime/pipeline/run-input.ts'
import { inputWords, lastInput, rememberInput } from './last-input.ts'

const fields = new Map<string, InputField>([
  ['question', { kind: 'text', required: true }],
  ['tone', { kind: 'text', required: false }],
])

describe('the input of the last run', () => {
  beforeEach(() => {
    const kept = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    })
  })
  afterEach(() => void vi.unstubAllGlobals())

  it('runs again without asking when it was whole, and says itself in few words', () => {
    rememberInput('p', { question: 'Where is\n my lamp?', tone: '' })
    const input = lastInput('p', fields)
    expect(input).toEqual({ question: 'Where is\n my lamp?', tone: '' })
    expect(inputWords(input ?? {})).toBe('Where is my lamp? +1')
    expect(inputWords({ count: 3 })).toBe('3')
    expect(inputWords({})).toBe('')
  })

  it('is asked for again when a required text is empty or missing', () => {
    rememberInput('p', { question: ' ' })
    expect(lastInput('p', fields)).toBeUndefined()
    rememberInput('p', { tone: 'warm' })
    expect(lastInput('p', fields)).toBeUndefined()
  })
})
