import { z } from 'zod'
import { defineNode } from '../define.ts'
import { fieldsConfig } from '../lib/fields.ts'
import { port } from '../ports.ts'

export const output = defineNode({
  type: 'output',
  version: 1,
  title: { en: 'Output', ko: '출력' },
  group: 'flow',
  icon: 'log-out',
  docs: {
    en: 'Where a run ends: what is wired in becomes the result of the run, under the name of its field. Several outputs are merged.',
    ko: '실행이 끝나는 곳이에요. 연결한 값이 필드 이름으로 실행 결과가 돼요. 출력이 여럿이면 하나로 합쳐요.',
  },
  keywords: ['end', 'result', 'answer', 'return', '끝', '결과', '답'],
  config: z.object({
    fields: fieldsConfig.default({ answer: 'text' }).meta({
      label: { en: 'Fields', ko: '필드' },
      help: { en: 'Name and kind of each value of the result.', ko: '결과에 담을 값의 이름과 종류예요.' },
      ui: 'fields',
    }),
  }),
  inputs: port.fromFields('fields'),
  outputs: {},
  effect: 'pure',
  boundary: 'end',
  examples: [
    {
      title: { en: 'The team that a ticket goes to', ko: '문의를 맡을 팀' },
      config: { fields: { team: 'text' } },
      inputs: { team: 'billing' },
      outputs: {},
    },
  ],
  // The engine takes the inputs of an end node as the result of the run.
  run: () => ({}),
})
