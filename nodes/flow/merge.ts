import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { port } from '../ports.ts'

export const merge = defineNode({
  type: 'merge',
  version: 1,
  title: { en: 'Merge', ko: '합치기' },
  group: 'flow',
  icon: 'merge',
  docs: {
    en: 'Rejoins branches: passes on the value of the branch that was taken. If several arrive, the cable that was wired first wins.',
    ko: '갈라진 길을 다시 이어요. 선택된 분기의 값을 그대로 넘기고, 여러 값이 오면 먼저 연결한 선의 값을 써요.',
  },
  keywords: ['join', 'rejoin', 'either', 'first', '분기', '모으기'],
  config: z.object({}),
  inputs: { values: port.many(port.any('Values')) },
  outputs: { value: port.sameAs('values') },
  effect: 'pure',
  joins: true,
  examples: [
    {
      title: { en: 'Only the billing branch was taken', ko: '청구 분기만 선택된 경우' },
      config: {},
      inputs: { values: ['Your invoice is on its way.'] },
      outputs: { value: 'Your invoice is on its way.' },
    },
    {
      title: { en: 'Two values: the first cable wins', ko: '값이 둘이면 먼저 연결한 선' },
      config: {},
      inputs: { values: ['first', 'second'] },
      outputs: { value: 'first' },
    },
  ],
  run: ({ inputs }) => {
    const value = inputs.values.find((arrived) => arrived !== undefined)
    if (value === undefined)
      throw new NodeError('nothing-arrived', 'No branch brought a value. Wire at least one that is taken.')
    return { value }
  },
})
