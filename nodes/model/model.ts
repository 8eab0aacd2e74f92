import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { chatModel } from '../lib/chat-model.ts'
import { overriding, secretsOfModel } from '../lib/model-id.ts'
import { requireWired } from '../lib/wired.ts'
import { port } from '../ports.ts'

export const model = defineNode({
  type: 'model',
  version: 1,
  title: { en: 'Model', ko: '모델' },
  group: 'model',
  icon: 'sparkles',
  docs: {
    en: 'Sends the messages to a language model and streams its answer. `local:tiny` runs on this machine and needs no key; it is a demo model that knows a few tasks. Hosted models need a key in the secret of their name (`openai`, `anthropic`, `google`). With a JSON schema the answer is JSON of that shape. A model wired into `model`, such as a tuned one, answers in place of the chosen one. A model that takes no temperature is asked without one.',
    ko: '메시지를 언어 모델에 보내고 답을 흘려보내요. `local:tiny`는 이 컴퓨터에서 키 없이 돌아가는 시연용 모델이라 몇 가지 일만 할 줄 알아요. 외부 모델은 같은 이름의 비밀값(`openai`, `anthropic`, `google`)에 키가 있어야 해요. JSON 스키마를 주면 답이 그 모양의 JSON이에요. 미세 조정한 모델 등을 `model`에 연결하면 고른 모델 대신 그 모델이 답해요. 온도를 받지 않는 모델에는 온도를 보내지 않아요.',
  },
  keywords: ['llm', 'chat', 'gpt', 'claude', 'gemini', 'ollama', 'gguf', 'generate', '생성', '언어 모델', '챗'],
  config: z.object({
    model: z
      .string()
      .min(1)
      .default('local:tiny')
      .meta({ label: { en: 'Model', ko: '모델' }, ui: 'model' }),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .default(0)
      .meta({
        label: { en: 'Temperature', ko: '온도' },
        help: {
          en: '0 gives the likeliest answer, the same every time as far as the model can; higher values vary more.',
          ko: '0이면 가장 그럴듯한 답을 되도록 똑같이 주고, 높을수록 답이 달라져요.',
        },
        ui: 'slider',
      }),
    maxTokens: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(256)
      .meta({
        label: { en: 'Longest answer', ko: '답의 최대 길이' },
        help: { en: 'The answer is cut there.', ko: '이 길이에서 답을 끊어요.' },
        unit: 'tokens',
      }),
    jsonSchema: z
      .record(z.string(), z.json())
      .optional()
      .meta({
        label: { en: 'JSON schema of the answer', ko: '답의 JSON 스키마' },
        help: { en: 'The answer is JSON of this shape.', ko: '답이 이 모양의 JSON이 돼요.' },
        ui: 'schema',
        advanced: true,
      }),
    stop: z
      .array(z.string().min(1))
      .max(4)
      .default([])
      .meta({
        label: { en: 'Stop texts', ko: '멈춤 글' },
        help: { en: 'The answer ends before the first of these.', ko: '이 글이 나오기 전에 답이 끝나요.' },
        advanced: true,
      }),
    seed: z
      .int()
      .min(0)
      .optional()
      .meta({
        label: { en: 'Seed', ko: '시드' },
        help: {
          en: 'The same seed repeats a varied answer, where the model supports it.',
          ko: '모델이 지원하면 같은 시드로 같은 답을 되풀이해요.',
        },
        advanced: true,
      }),
  }),
  inputs: { messages: port.many(port.messages()), model: port.optional(port.model()) },
  outputs: { text: port.textStream(), message: port.message(), usage: port.json() },
  secrets: (config, resources) => secretsOfModel(config.model, resources),
  effect: 'reads',
  timeout: '5m',
  summary: '{model}',
  examples: [
    {
      title: { en: 'Sort a ticket', ko: '문의 분류' },
      config: { model: 'local:tiny', maxTokens: 8 },
      inputs: {
        messages: [
          [
            {
              role: 'user',
              content: 'Which category is it: billing, bug, account, shipping?\nMy lamp has not arrived.',
            },
          ],
        ],
      },
    },
    {
      title: { en: 'JSON by schema', ko: '스키마대로 JSON' },
      config: {
        model: 'local:tiny',
        maxTokens: 96,
        jsonSchema: {
          type: 'object',
          properties: { name: { type: 'string' }, city: { type: 'string' } },
          required: ['name', 'city'],
          additionalProperties: false,
        },
      },
      inputs: {
        messages: [[{ role: 'user', content: 'Extract name, city as JSON:\nMy name is Maya Wood. I live in Oslo.' }]],
      },
    },
  ],
  run: async (context) => {
    const { config, inputs, kinds, signal } = context
    requireWired('model', inputs, kinds)
    const { jsonSchema, seed, model: chosen, ...sampling } = config
    const model = overriding(chosen, inputs.model?.model)
    const messages = inputs.messages.flat()
    if (messages.length === 0)
      throw new NodeError('messages-missing', 'There is no message to answer. Wire a prompt into "messages".')
    let text = ''
    let usage: { inputTokens: number; outputTokens: number } | null = null
    const pieces = chatModel(
      { ...sampling, model, messages, signal, ...(jsonSchema && { jsonSchema }), ...(seed !== undefined && { seed }) },
      context,
    )
    for await (const piece of pieces) {
      if (piece.type === 'text') {
        text += piece.text
        context.emit('text', piece.text)
        continue
      }
      usage = piece.usage
      if (usage) context.usage(usage)
      if (jsonSchema && piece.finish === 'length')
        throw new NodeError(
          'answer-cut',
          `The JSON was cut at ${config.maxTokens} tokens. Raise "Longest answer", or ask for fewer fields.`,
        )
    }
    return { text, message: { role: 'assistant' as const, content: text }, usage }
  },
})
