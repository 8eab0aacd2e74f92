import { createHash } from 'node:crypto'
import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { readJson } from '../lib/find-json.ts'
import { compileSchema } from '../lib/json-schema.ts'
import { port } from '../ports.ts'

export const parseJson = defineNode({
  type: 'parse-json',
  version: 1,
  title: { en: 'Parse JSON', ko: 'JSON 읽기' },
  group: 'data',
  icon: 'braces',
  docs: {
    en: 'Reads a json value from text, such as an answer of a model, and checks it against a JSON Schema if there is one (2020-12 or draft-07; `format` is not checked). Prose and code fences around the value are ignored unless you say otherwise; a broken value is never guessed at.',
    ko: '모델 답변 같은 글에서 json 값을 읽고, JSON Schema가 있으면 그에 맞는지 확인해요(2020-12, draft-07; `format`은 보지 않아요). 값 앞뒤의 설명이나 코드 울타리는 무시하고, 깨진 값을 짐작하지 않아요.',
  },
  keywords: ['json', 'structured', 'schema', 'extract', 'validate', '구조화', '스키마', '추출', '검사'],
  config: z.object({
    schema: z
      .record(z.string(), z.json())
      .optional()
      .meta({ label: { en: 'JSON Schema', ko: 'JSON Schema' }, ui: 'schema' }),
    repair: z
      .boolean()
      .default(true)
      .meta({
        label: { en: 'Ignore text around it', ko: '앞뒤 글 무시' },
        help: { en: 'Takes the first object or list in the text.', ko: '글에 나오는 첫 객체나 목록을 읽어요.' },
      }),
  }),
  inputs: { text: port.text() },
  outputs: { value: port.json() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'A fenced answer of a model', ko: '코드 울타리에 든 모델 답변' },
      config: {
        schema: { type: 'object', required: ['team'], properties: { team: { enum: ['billing', 'account'] } } },
      },
      inputs: { text: 'Sure, here it is:\n```json\n{"team": "billing", "urgent": true}\n```' },
      outputs: { value: { team: 'billing', urgent: true } },
    },
    {
      title: { en: 'A value that the schema refuses', ko: '스키마에 맞지 않는 값' },
      config: { schema: { properties: { team: { enum: ['billing', 'account'] } } } },
      inputs: { text: '{"team": "legal"}' },
      error: 'schema-mismatch',
    },
    {
      title: { en: 'An answer that was cut off', ko: '중간에 끊긴 답변' },
      config: {},
      inputs: { text: '{"team": "bil' },
      error: 'json-invalid',
    },
  ],
  run: async ({ config, inputs, memo }) => {
    const value = readJson(inputs.text, config.repair)
    if (config.schema === undefined) return { value }
    const schema = config.schema
    const digest = createHash('sha256').update(JSON.stringify(schema)).digest('hex')
    const check = await memo(`json-schema:${digest}`, async () => compileSchema(schema))
    const wrong = check(value)
    if (wrong) {
      throw new NodeError(
        'schema-mismatch',
        `The value at ${wrong.at} ${wrong.why}. Change the prompt, or the schema.`,
        {
          details: wrong,
        },
      )
    }
    return { value }
  },
})
