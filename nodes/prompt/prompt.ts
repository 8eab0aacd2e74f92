import { z } from 'zod'
import { defineNode } from '../define.ts'
import { renderTemplate } from '../lib/template.ts'
import { port } from '../ports.ts'

export const prompt = defineNode({
  type: 'prompt',
  version: 1,
  title: { en: 'Prompt', ko: '프롬프트' },
  group: 'prompt',
  icon: 'message-square-text',
  docs: {
    en: 'Fills a template. Every `{{name}}` in it becomes an input; `{{name.part}}` reads a part of a json value.',
    ko: '템플릿을 채워요. `{{이름}}`마다 입력이 하나 생기고, `{{name.part}}`는 json 값의 일부를 읽어요.',
  },
  keywords: ['template', 'message', 'instruction', '템플릿'],
  config: z.object({
    role: z
      .enum(['system', 'user', 'assistant'])
      .default('user')
      .meta({ label: { en: 'Role', ko: '역할' } }),
    template: z
      .string()
      .default('{{question}}')
      .meta({ label: { en: 'Template', ko: '템플릿' }, ui: 'template' }),
  }),
  inputs: port.fromTemplate('template'),
  outputs: { messages: port.messages() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'One variable', ko: '변수 하나' },
      config: { template: 'Translate: {{text}}' },
      inputs: { text: 'bonjour' },
      outputs: { messages: [{ role: 'user', content: 'Translate: bonjour' }] },
    },
  ],
  run: ({ config, inputs, kinds }) => ({
    messages: [{ role: config.role, content: renderTemplate(config.template, inputs, kinds) }],
  }),
})
