import { z } from 'zod'
import { defineNode } from '../define.ts'
import { renderTemplate } from '../lib/template.ts'
import { port } from '../ports.ts'

export const compose = defineNode({
  type: 'compose',
  version: 1,
  title: { en: 'Compose', ko: '글쓰기' },
  group: 'prompt',
  icon: 'text-cursor-input',
  docs: {
    en: 'Writes text from a template, such as a reply or a file name. Every `{{name}}` in it becomes an input.',
    ko: '답장이나 파일 이름 같은 글을 템플릿으로 써요. `{{이름}}`마다 입력이 하나 생겨요.',
  },
  keywords: ['template', 'reply', 'compose', 'format', '템플릿', '답장'],
  config: z.object({
    template: z
      .string()
      .default('{{value}}')
      .meta({ label: { en: 'Template', ko: '템플릿' }, ui: 'template' }),
  }),
  inputs: port.fromTemplate('template'),
  outputs: { text: port.text() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'A reply that quotes the ticket', ko: '문의를 인용하는 답장' },
      config: { template: 'Thank you. We look into this:\n{{ticket}}' },
      inputs: { ticket: 'The app crashes.' },
      outputs: { text: 'Thank you. We look into this:\nThe app crashes.' },
    },
  ],
  run: ({ config, inputs, kinds }) => ({ text: renderTemplate(config.template, inputs, kinds) }),
})
