import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { type Item, port } from '../ports.ts'

const count = async (rest: AsyncIterator<unknown>, from: number): Promise<number> => {
  let n = from
  while (!(await rest.next()).done) n += 1
  return n
}

/** Walks both streams in step, so that nothing has to be kept, and closes both at the end. */
async function* pair(left: AsyncIterable<Item<unknown>>, right: AsyncIterable<Item<unknown>>) {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()]
  try {
    for (let position = 0; ; position += 1) {
      const [a, b] = await Promise.all([lefts.next(), rights.next()])
      if (a.done && b.done) return
      if (a.done || b.done) {
        const longer = await count(a.done ? rights : lefts, position + 1)
        throw unequal(a.done ? position : longer, a.done ? longer : position)
      }
      if ('value' in a.value && 'value' in b.value) yield { left: a.value.value, right: b.value.value }
    }
  } finally {
    await Promise.all([lefts.return?.(), rights.return?.()])
  }
}

const unequal = (left: number, right: number): NodeError =>
  new NodeError(
    'unequal-lengths',
    `Left has ${left} items and right has ${right}, so they cannot be paired. Zip lists of one length.`,
    { details: { left, right } },
  )

export const zip = defineNode({
  type: 'zip',
  version: 1,
  title: { en: 'Zip', ko: '짝 맞추기' },
  group: 'flow',
  icon: 'columns-2',
  docs: {
    en: 'Pairs the items of two lists by position: first with first, second with second. Both must be of one length; a pair is left out where one side failed or was skipped.',
    ko: '두 목록의 항목을 자리 순서대로 짝을 맞춰요. 길이가 같아야 하고, 한쪽이 실패하거나 건너뛴 짝은 빼요.',
  },
  keywords: ['pair', 'combine', 'join', 'align', '쌍', '결합'],
  config: z.object({}),
  inputs: { left: port.each(port.any('Left')), right: port.each(port.any('Right')) },
  outputs: { left: port.each(port.sameAs('left')), right: port.each(port.sameAs('right')) },
  effect: 'pure',
  examples: [
    {
      title: { en: 'Answers beside what was expected', ko: '답과 정답' },
      config: {},
      inputs: { left: ['billing', 'account'], right: ['billing', 'delivery'] },
      outputs: { left: ['billing', 'account'], right: ['billing', 'delivery'] },
    },
    {
      title: { en: 'Lists of different lengths', ko: '길이가 다른 목록' },
      config: {},
      inputs: { left: ['a', 'b', 'c'], right: ['a'] },
      error: 'unequal-lengths',
    },
  ],
  run: ({ inputs }) => ({ each: pair(inputs.left, inputs.right) }),
})
