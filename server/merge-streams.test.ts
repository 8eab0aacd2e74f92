import { expect, test } from 'vitest'
import { mergeStreams } from './merge-streams.ts'

async function* count(name: string, to: number, ended: string[] = []) {
  try {
    for (let at = 1; at <= to; at++) yield `${name}${at}`
  } finally {
    ended.push(name)
  }
}
const all = async <Value>(source: AsyncIterable<Value>): Promise<Value[]> => {
  const values: Value[] = []
  for await (const value of source) values.push(value)
  return values
}

test('all values come, those of one source in order, and no source starves another', async () => {
  const values = await all(mergeStreams([count('a', 3), count('b', 100), count('c', 0)]))
  expect(values.filter((value) => value.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
  expect(values.filter((value) => value.startsWith('b'))).toHaveLength(100)
  expect(values.indexOf('a3')).toBeLessThan(8)
})
test('leaving early ends every source', async () => {
  const ended: string[] = []
  for await (const _ of mergeStreams([count('a', 9, ended), count('b', 9, ended)])) break
  await new Promise(setImmediate)
  expect(ended.sort()).toEqual(['a', 'b'])
})
test('a source that fails fails the whole', async () => {
  const broken = (async function* () {
    yield 'x'
    throw new Error('broke')
  })()
  await expect(all(mergeStreams([broken, count('a', 1)]))).rejects.toThrow('broke')
})
