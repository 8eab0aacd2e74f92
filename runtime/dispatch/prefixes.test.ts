import { expect, it } from 'vitest'
import { blocksOf, createPrefixHistory } from './prefixes.ts'

const system = 'You answer from the handbook. '.repeat(40)

it('knows the share of a prompt that begins like one before', () => {
  const history = createPrefixHistory()
  history.note('a', blocksOf('m', system + 'What about holidays?'.repeat(20)))
  const next = blocksOf('m', system + 'What about sick leave?'.repeat(20))
  expect(history.share('a', next)).toBeGreaterThan(0.6)
  expect(history.share('a', next)).toBeLessThan(1)
  expect(history.share('b', next)).toBe(0)
})
it('knows nothing of the middle of prompts, nor of other models', () => {
  const history = createPrefixHistory()
  history.note('a', blocksOf('m', system))
  expect(history.share('a', blocksOf('m', `x${system}`))).toBe(0)
  expect(history.share('a', blocksOf('n', system))).toBe(0)
})
it('forgets the oldest beginnings first', () => {
  const history = createPrefixHistory()
  const old = blocksOf('m', system)
  history.note('a', old)
  for (let at = 0; at < 200; at += 1) history.note('a', blocksOf('m', `${at} `.padEnd(20_000, String(at))))
  expect(history.share('a', old)).toBe(0)
})
