import { expect, it } from 'vitest'
import { runExample } from '../lib/run-example.ts'
import { dataset } from './dataset.ts'

const readAs = (kind: 'boolean' | 'number', file: string, text: string) =>
  runExample(dataset, {
    title: { en: 'Rows', ko: '행' },
    config: { dataset: 'rows', fields: { cell: kind } },
    inputs: {},
    files: { [file]: text },
  })

it('reads cells of CSV by the kinds of their fields, whatever its folder is called', async () => {
  const { outputs } = await readAs('number', 'from-jsonl/rows.jsonl.csv', 'cell\n3\n')
  expect(outputs.cell).toEqual([3])
})

it('takes no word that every object knows for a yes or no', async () => {
  await expect(readAs('boolean', 'rows.csv', 'cell\nconstructor\n')).rejects.toMatchObject({ code: 'wrong-kind' })
})
