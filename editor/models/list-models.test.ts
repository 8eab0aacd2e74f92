import { expect, it } from 'vitest'
import type { TunedModelInfo } from '#server/api.ts'
import { figuresOf, lossOf, modelRows } from './list-models.ts'

const version = (number: number): TunedModelInfo['versions'][number] => ({
  id: `tuned:router@${number}`,
  version: number,
  base: 'local:tiny',
  form: 'adapter',
  files: {},
  dataDigest: 'd',
  settings: {},
  metrics: {},
  job: 'j',
  run: null,
  createdAt: '2026-01-01T00:00:00Z',
})

it('lists what was tuned first, newest version first, then what runs here, then what others host', () => {
  const rows = modelRows(
    [{ name: 'router', versions: [version(1), version(10), version(2)] }],
    [
      { id: 'openai:gpt', title: 'gpt', ready: false },
      { id: 'tuned:router@1', title: 'router@1', ready: true },
      { id: 'ollama:a', title: 'a', ready: true },
      { id: 'local:tiny', title: 'tiny', ready: true },
    ],
  )
  expect(rows.map(({ form, key }) => [form, key])).toEqual([
    ['tuned', 'router'],
    ['local', 'ollama:a'],
    ['local', 'local:tiny'],
    ['hosted', 'openai:gpt'],
  ])
  expect(rows[0]).toMatchObject({ newest: { version: 10 } })
})

it('judges a version by rows that it did not learn from, where there are some', () => {
  expect(lossOf({ loss: 0.1, evaluation: { loss: 0.4 } })).toBe(0.4)
  expect(lossOf({ loss: 0.1, evaluation: null })).toBe(0.1)
  expect(lossOf({ rows: 3 })).toBe(undefined)
  expect(figuresOf({ loss: 0.1, evaluation: { loss: 0.4, note: 'x' }, base: 'local:tiny' })).toEqual([
    ['loss', 0.1],
    ['evaluation.loss', 0.4],
  ])
})
