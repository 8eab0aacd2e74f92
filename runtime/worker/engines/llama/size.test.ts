import { expect, test } from 'vitest'
import { sizeFor } from './size.ts'

test('a small model gets one thread however many cores there are', () => {
  expect(sizeFor(3_000_000, 64)).toMatchObject({ threads: 1, sequences: 4 })
})

test('a large model leaves a core to the rest of the machine', () => {
  expect(sizeFor(4_000_000_000, 8).threads).toBe(7)
  expect(sizeFor(4_000_000_000, 1).threads).toBe(1)
})
