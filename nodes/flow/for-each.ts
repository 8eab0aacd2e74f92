import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { checkKind, describeValue, kindConfig } from '../lib/fields.ts'
import { port } from '../ports.ts'

export const forEach = defineNode({
  type: 'for-each',
  version: 1,
  title: { en: 'For each', ko: '하나씩' },
  group: 'flow',
  icon: 'repeat',
  docs: {
    en: 'Takes a list apart: every node after it runs once per item, until Collect or Report ends it.',
    ko: '목록을 하나씩 나눠요. 뒤에 오는 노드는 목록 모으기나 보고서가 나올 때까지 항목마다 한 번씩 실행해요.',
  },
  keywords: ['loop', 'map', 'iterate', 'list', '반복', '목록', '순회'],
  config: z.object({
    kind: kindConfig.default('text').meta({
      label: { en: 'Kind of the items', ko: '항목의 종류' },
      help: { en: 'What every item of the list is.', ko: '목록에 든 값의 종류예요.' },
    }),
  }),
  inputs: { list: port.accepting(port.json('List'), 'documents', 'messages') },
  outputs: port.fromKind('kind', 'item', { each: true }),
  effect: 'pure',
  summary: '{kind}',
  examples: [
    {
      title: { en: 'Three tickets', ko: '문의 세 건' },
      config: { kind: 'text' },
      inputs: { list: ['refund please', 'cannot log in', 'thanks'] },
      outputs: { item: ['refund please', 'cannot log in', 'thanks'] },
    },
    {
      title: { en: 'An item of another kind', ko: '종류가 다른 항목' },
      config: { kind: 'number' },
      inputs: { list: [1, 'two'] },
      error: 'wrong-kind',
    },
  ],
  run: ({ config, inputs }) => {
    const { list } = inputs
    if (!Array.isArray(list)) {
      throw new NodeError(
        'not-a-list',
        `"list" should be a list but is ${describeValue(list)}. Send a list, or use Fields to take one out.`,
      )
    }
    // The whole list is checked before the first item is mapped: no half-done map over a bad list.
    const items = list.map((value, position) => checkKind(value, config.kind, `Item ${position + 1} of the list`))
    return { each: items.map((item) => ({ item })) }
  },
})
