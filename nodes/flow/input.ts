import { z } from 'zod'
import { defineNode } from '../define.ts'
import { fieldsConfig, readFields } from '../lib/fields.ts'
import { port } from '../ports.ts'

export const input = defineNode({
  type: 'input',
  version: 1,
  title: { en: 'Input', ko: '입력' },
  group: 'flow',
  icon: 'log-in',
  docs: {
    en: 'Where a run begins: each field is asked for when the pipeline is started, and becomes an output here. A run without one of the fields fails before anything else happens.',
    ko: '실행이 시작되는 곳이에요. 필드마다 값을 받아 출력으로 내보내요. 값이 빠지면 다른 일이 일어나기 전에 실행이 멈춰요.',
  },
  keywords: ['start', 'trigger', 'parameter', 'question', '시작', '매개변수', '질문'],
  config: z.object({
    fields: fieldsConfig.default({ question: 'text' }).meta({
      label: { en: 'Fields', ko: '필드' },
      help: { en: 'Name and kind of each value that a run is given.', ko: '실행할 때 받을 값의 이름과 종류예요.' },
      ui: 'fields',
    }),
    sample: z
      .record(z.string(), z.json())
      .optional()
      .meta({
        label: { en: 'Sample values', ko: '예시 값' },
        help: {
          en: 'A value a field to try the pipeline with. The run form starts with them; calls from outside never use them.',
          ko: '파이프라인을 시험할 필드 값이에요. 실행 양식에 먼저 채워지고, 밖에서 부를 때는 쓰이지 않아요.',
        },
        ui: 'json',
        advanced: true,
      }),
  }),
  inputs: {},
  outputs: port.fromFields('fields'),
  effect: 'pure',
  boundary: 'start',
  examples: [
    {
      title: { en: 'A support ticket', ko: '고객 문의' },
      config: { fields: { ticket: 'text', vip: 'boolean' } },
      inputs: { ticket: 'My invoice is wrong', vip: true },
      outputs: { ticket: 'My invoice is wrong', vip: true },
    },
    {
      title: { en: 'A field that the run did not get', ko: '값이 빠진 필드' },
      config: { fields: { ticket: 'text' } },
      inputs: { tickets: 'My invoice is wrong' },
      error: 'field-missing',
    },
  ],
  run: ({ config, inputs }) => readFields(inputs, config.fields, 'The run input'),
})
