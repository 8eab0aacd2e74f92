import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { describeValue, fieldsConfig, readFields } from '../lib/fields.ts'
import { port } from '../ports.ts'

export const fields = defineNode({
  type: 'fields',
  version: 1,
  title: { en: 'Fields', ko: '필드 꺼내기' },
  group: 'data',
  icon: 'list-tree',
  docs: {
    en: 'Takes a json value or a row apart: each named field becomes an output of its own kind. A field that is missing or of another kind fails the step.',
    ko: 'json 값이나 행에서 필드를 꺼내 종류에 맞는 출력으로 내보내요. 필드가 없거나 종류가 다르면 단계가 실패해요.',
  },
  keywords: ['pick', 'get', 'extract', 'property', 'column', 'destructure', '열', '속성', '추출'],
  config: z.object({
    fields: fieldsConfig.default({}).meta({
      label: { en: 'Fields', ko: '필드' },
      help: { en: 'Name and kind of each field to take out.', ko: '꺼낼 필드의 이름과 종류예요.' },
      ui: 'fields',
    }),
  }),
  inputs: { value: port.accepting(port.json('Value'), 'row', 'document', 'message', 'score', 'report') },
  outputs: port.fromFields('fields'),
  effect: 'pure',
  examples: [
    {
      title: { en: 'Team and urgency of a ticket', ko: '문의의 팀과 긴급 여부' },
      config: { fields: { team: 'text', urgent: 'boolean' } },
      inputs: { value: { team: 'billing', urgent: true, language: 'ko' } },
      outputs: { team: 'billing', urgent: true },
    },
    {
      title: { en: 'A field of another kind', ko: '종류가 다른 필드' },
      config: { fields: { urgent: 'boolean' } },
      inputs: { value: { urgent: 'very' } },
      error: 'wrong-kind',
    },
  ],
  run: ({ config, inputs }) => {
    const { value } = inputs
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new NodeError(
        'not-an-object',
        `"value" should be an object with fields but is ${describeValue(value)}. Send an object, or use For each to take a list apart.`,
      )
    }
    return readFields({ ...value }, config.fields, 'the value')
  },
})
