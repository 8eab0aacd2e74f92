import { z } from 'zod'
import { defineNode } from '../define.ts'
import { judge } from '../lib/judge.ts'
import { renderValue } from '../lib/template.ts'
import { type Kind, port } from '../ports.ts'

const compared = ['exact', 'contains', 'regex']
const flag = (en: string, ko: string, standard: boolean) =>
  z
    .boolean()
    .default(standard)
    .meta({ label: { en, ko }, when: { kind: compared } })

export const evaluator = defineNode({
  type: 'evaluator',
  version: 1,
  title: { en: 'Evaluator', ko: '평가' },
  group: 'evaluate',
  icon: 'scale',
  docs: {
    en: 'Scores a value from 0 to 1 by a rule: same as expected, contains it (a list: the share found), matches a pattern, fits a JSON Schema, or is a number within a tolerance. Wire Report after it to see the mean over many rows. A pattern that takes over 250 ms fails the step.',
    ko: '값을 규칙에 따라 0에서 1까지 채점해요. 정답과 같은지, 정답이 들어 있는지(목록이면 찾은 비율), 패턴이나 JSON Schema에 맞는지, 숫자가 허용 오차 안인지 봐요. 뒤에 보고서를 연결하면 여러 행의 평균을 볼 수 있어요. 패턴을 찾는 데 250ms가 넘으면 단계가 실패해요.',
  },
  keywords: ['score', 'test', 'compare', 'assert', 'accuracy', 'grade', '채점', '비교', '정답', '점수'],
  config: z.object({
    kind: z
      .enum(['exact', 'contains', 'regex', 'json-schema', 'numeric'])
      .default('exact')
      .meta({
        label: { en: 'Rule', ko: '규칙' },
        options: {
          exact: { en: 'Same as expected', ko: '정답과 같음' },
          contains: { en: 'Contains the expected', ko: '정답이 들어 있음' },
          regex: { en: 'Matches a pattern', ko: '패턴에 맞음' },
          'json-schema': { en: 'Fits a JSON Schema', ko: 'JSON Schema에 맞음' },
          numeric: { en: 'Number within a tolerance', ko: '허용 오차 안의 숫자' },
        },
      }),
    pattern: z
      .string()
      .default('')
      .meta({ label: { en: 'Pattern', ko: '패턴' }, ui: 'pattern', when: { kind: ['regex'] } }),
    schema: z
      .record(z.string(), z.json())
      .default({})
      .meta({ label: { en: 'JSON Schema', ko: 'JSON Schema' }, ui: 'schema', when: { kind: ['json-schema'] } }),
    absolute: z
      .number()
      .min(0)
      .default(0)
      .meta({ label: { en: 'Tolerance', ko: '허용 오차' }, when: { kind: ['numeric'] } }),
    relative: z
      .number()
      .min(0)
      .default(0)
      .meta({
        label: { en: 'Relative tolerance', ko: '상대 허용 오차' },
        help: { en: 'A share of the expected number: 0.01 is 1 %.', ko: '정답에 대한 비율이에요. 0.01이면 1 %예요.' },
        when: { kind: ['numeric'] },
      }),
    ignoreCase: flag('Ignore upper and lower case', '대소문자 무시', false),
    ignoreSpace: flag('Ignore extra space', '여분의 공백 무시', true),
  }),
  inputs: { actual: port.any('Actual'), expected: port.optional(port.any('Expected')) },
  outputs: { score: port.score() },
  effect: 'pure',
  summary: '{kind}',
  examples: [
    {
      title: { en: 'The right team', ko: '맞는 팀' },
      config: { kind: 'exact', ignoreCase: true },
      inputs: { actual: 'Billing\n', expected: 'billing' },
      kinds: { actual: 'text', expected: 'text' },
      outputs: { score: { value: 1, passed: true, reason: 'same as expected' } },
    },
    {
      title: { en: 'One of two facts', ko: '두 사실 중 하나' },
      config: { kind: 'contains' },
      inputs: { actual: '연차휴가는 15일이에요.', expected: ['15일', '이월'] },
      kinds: { actual: 'text', expected: 'json' },
      outputs: { score: { value: 0.5, passed: false, reason: 'lacks "이월"' } },
    },
    {
      title: { en: 'An order number', ko: '주문 번호' },
      config: { kind: 'regex', pattern: '\\b[A-Z]{2}-\\d{4}\\b' },
      inputs: { actual: 'Your order KR-2041 left today.' },
      kinds: { actual: 'text' },
      outputs: { score: { value: 1, passed: true, reason: 'matches the pattern' } },
    },
    {
      title: { en: 'A ticket in json', ko: 'json으로 된 문의' },
      config: { kind: 'json-schema', schema: { required: ['team', 'urgent'] } },
      inputs: { actual: '{"team": "billing"}' },
      kinds: { actual: 'text' },
      outputs: { score: { value: 0, passed: false, reason: "/ must have required property 'urgent'" } },
    },
    {
      title: { en: 'A total within 1 %', ko: '1 % 안의 합계' },
      config: { kind: 'numeric', relative: 0.01 },
      inputs: { actual: '1,005', expected: 1000 },
      kinds: { actual: 'text', expected: 'number' },
      outputs: { score: { value: 1, passed: true, reason: '1005 is 5 off the expected 1000' } },
    },
    {
      title: { en: 'Nothing to compare with', ko: '비교할 정답이 없을 때' },
      config: { kind: 'exact' },
      inputs: { actual: 'billing' },
      kinds: { actual: 'text' },
      error: 'expected-missing',
    },
  ],
  run: async ({ config, inputs, kinds, memo }) => {
    const asValue = (value: unknown, kind: Kind | undefined) =>
      kind === 'message' || kind === 'messages' || kind === 'document' ? renderValue(value, kind) : value
    const actual = asValue(inputs.actual, kinds.actual)
    const expected = asValue(inputs.expected, kinds.expected)
    return { score: await judge(actual, expected, config, memo) }
  },
})
