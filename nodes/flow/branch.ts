import { z } from 'zod'
import { defineNode } from '../define.ts'
import { condition, meets } from '../lib/condition.ts'
import { portName } from '../lib/fields.ts'
import { port } from '../ports.ts'

export const branch = defineNode({
  type: 'branch',
  version: 1,
  title: { en: 'Branch', ko: '분기' },
  group: 'flow',
  icon: 'split',
  docs: {
    en: 'Sends the value down one way: the first case that fits, or `else`. What hangs on the other ways is skipped. Wire `on` to test something else than what is passed on, such as a label that a model gave. Texts are compared without the space around them; `at` looks inside a json value, such as `customer.plan`. A pattern that takes over 250 ms fails the step.',
    ko: '값을 한 길로만 보내요. 처음으로 맞는 경우, 없으면 `else`로 가고 다른 길의 노드는 건너뛰어요. `on`을 연결하면 모델이 붙인 라벨처럼 다른 값을 보고 정해요. 글은 앞뒤 공백을 빼고 비교하고, `at`은 `customer.plan`처럼 json 값의 안쪽을 봐요. 패턴을 찾는 데 250ms가 넘으면 단계가 실패해요.',
  },
  keywords: ['if', 'switch', 'condition', 'route', 'case', 'else', '조건', '만약', '경로'],
  config: z.object({
    cases: z
      .record(
        portName
          .refine((name) => name !== 'else', {
            error: 'The case "else" is always there. Give this one another name.',
            params: { rule: 'case-else' },
          })
          // Objects keep whole numbers before all other keys, so the order of the cases would be lost.
          .refine((name) => !/^\d+$/.test(name), {
            error: 'A case cannot be named by a number alone. Put a letter before it.',
            params: { rule: 'case-number' },
          }),
        condition,
      )
      .default({})
      .meta({
        label: { en: 'Cases', ko: '경우' },
        help: {
          en: 'Tried from top to bottom; each becomes an output.',
          ko: '위에서부터 살펴보고, 경우마다 출력이 생겨요.',
        },
        ui: 'cases',
      }),
    ignoreCase: z
      .boolean()
      .default(true)
      .meta({ label: { en: 'Ignore upper and lower case', ko: '대소문자 무시' }, advanced: true }),
  }),
  inputs: { value: port.any('Value'), on: port.optional(port.any('Tested')) },
  outputs: port.with({ else: port.sameAs('value') }, port.fromKeys('cases', port.sameAs('value'))),
  effect: 'pure',
  exclusive: true,
  examples: [
    {
      title: { en: 'A ticket by its team', ko: '팀에 따라 나누는 문의' },
      config: { cases: { billing: { equals: 'billing' }, account: { equals: 'account' } } },
      inputs: { value: 'Billing\n' },
      kinds: { value: 'text' },
      outputs: { billing: 'Billing\n' },
    },
    {
      title: { en: 'A ticket by the label that a model gave it', ko: '모델이 붙인 라벨로 나누는 문의' },
      config: { cases: { bug: { equals: 'bug' } } },
      inputs: { value: 'The app crashes when I upload a photo', on: 'Bug' },
      kinds: { value: 'text', on: 'text' },
      outputs: { bug: 'The app crashes when I upload a photo' },
    },
    {
      title: { en: 'A part of a json value', ko: 'json 값의 일부' },
      config: {
        cases: {
          urgent: { at: 'ticket.hours', above: 24 },
          refund: { at: 'ticket.text', matches: 'refund|money back' },
        },
      },
      inputs: { value: { ticket: { hours: 3, text: 'I want my money back' } } },
      kinds: { value: 'json' },
      outputs: { refund: { ticket: { hours: 3, text: 'I want my money back' } } },
    },
    {
      title: { en: 'Nothing fits', ko: '맞는 경우가 없을 때' },
      config: { cases: { refund: { contains: '환불' } } },
      inputs: { value: '배송이 늦어요' },
      kinds: { value: 'text' },
      outputs: { else: '배송이 늦어요' },
    },
  ],
  run: ({ config, inputs, kinds }) => {
    // A wired `on` that brought nothing fits no case; the value must not be tested in its place.
    const tested = kinds.on === undefined ? 'value' : 'on'
    const fitting = Object.entries(config.cases).find(([, asked]) =>
      meets(inputs[tested], kinds[tested] ?? 'any', asked, config.ignoreCase),
    )
    return { [fitting?.[0] ?? 'else']: inputs.value }
  },
})
