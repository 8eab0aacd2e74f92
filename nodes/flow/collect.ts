import { z } from 'zod'
import { defineNode } from '../define.ts'
import { port, type ValueOf } from '../ports.ts'

export const collect = defineNode({
  type: 'collect',
  version: 1,
  title: { en: 'Collect', ko: '목록 모으기' },
  group: 'flow',
  icon: 'layers',
  docs: {
    en: 'Puts mapped items back into one list, in their order. An item that failed or was skipped is left out, or stands as null.',
    ko: '하나씩 처리한 항목을 순서대로 한 목록에 모아요. 실패하거나 건너뛴 항목은 빼거나 null로 남겨요.',
  },
  keywords: ['gather', 'list', 'end loop', 'reduce', '모으기', '반복 끝', '목록'],
  config: z.object({
    holes: z
      .enum(['leave-out', 'null'])
      .default('leave-out')
      .meta({
        label: { en: 'Missing items', ko: '빠진 항목' },
        help: {
          en: 'What to do where an item failed or was skipped.',
          ko: '실패하거나 건너뛴 자리를 어떻게 할지 정해요.',
        },
        options: { 'leave-out': { en: 'Leave out', ko: '빼기' }, null: { en: 'Keep as null', ko: 'null로 남기기' } },
      }),
  }),
  inputs: { items: port.each(port.any('Items')) },
  outputs: { list: port.json() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'The team of each ticket', ko: '문의별 담당 팀' },
      config: {},
      inputs: { items: ['billing', 'account', 'billing'] },
      outputs: { list: ['billing', 'account', 'billing'] },
    },
    { title: { en: 'No items', ko: '항목이 없을 때' }, config: {}, inputs: { items: [] }, outputs: { list: [] } },
  ],
  run: async ({ config, inputs }) => {
    const list: ValueOf<'json'>[] = []
    for await (const item of inputs.items) {
      // Whatever flows through a wire is JSON; the kind `any` only forgot it.
      if ('value' in item) list.push(item.value as ValueOf<'json'>)
      else if (config.holes === 'null') list.push(null)
    }
    return { list }
  },
})
