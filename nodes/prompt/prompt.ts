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
    en: 'Fills a template and makes a message of it. Every `{{name}}` becomes an input; `{{name.part}}` reads a part of a json value, and what is not there stays empty. Documents come with their file name above the text.',
    ko: '템플릿을 채워 메시지를 만들어요. `{{이름}}`마다 입력이 하나 생기고, `{{이름.부분}}`은 json 값의 일부를 읽어요. 없는 부분은 비워 두고, 문서는 글 위에 파일 이름을 붙여요.',
  },
  keywords: ['template', 'message', 'instruction', '템플릿', '지시', '메시지'],
  config: z.object({
    role: z
      .enum(['system', 'user', 'assistant'])
      .default('user')
      .meta({
        label: { en: 'Role', ko: '역할' },
        options: {
          system: { en: 'System', ko: '시스템' },
          user: { en: 'User', ko: '사용자' },
          assistant: { en: 'Assistant', ko: '어시스턴트' },
        },
      }),
    template: z
      .string()
      // Providers refuse an empty message, so an empty template is found before the run and not during it.
      .regex(/\S/, 'The template is empty. Write what the model should be told.')
      .default('{{question}}')
      .meta({ label: { en: 'Template', ko: '템플릿' }, ui: 'template' }),
  }),
  inputs: port.fromTemplate('template'),
  outputs: { messages: port.messages() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'Sort a ticket', ko: '문의 분류' },
      config: { template: 'Which team takes this ticket? {{ticket}}' },
      inputs: { ticket: 'My invoice is wrong.' },
      outputs: { messages: [{ role: 'user', content: 'Which team takes this ticket? My invoice is wrong.' }] },
    },
    {
      title: { en: 'Answer from documents', ko: '문서로 답하기' },
      config: { template: '{{근거}}\n\n질문: {{질문}}' },
      inputs: {
        근거: [
          { text: '연차휴가는 15일이에요.', source: { file: 'handbook/leave.md', start: 6, end: 19 }, score: 2.6 },
          { text: '반차도 쓸 수 있어요.' },
        ],
        질문: '휴가는 며칠인가요?',
      },
      kinds: { 근거: 'documents' },
      outputs: {
        messages: [
          {
            role: 'user',
            content: '[handbook/leave.md]\n연차휴가는 15일이에요.\n\n반차도 쓸 수 있어요.\n\n질문: 휴가는 며칠인가요?',
          },
        ],
      },
    },
    {
      title: { en: 'Parts of a json value', ko: 'json 값의 일부' },
      config: {
        role: 'system',
        template: 'You write to {{customer.name}}, plan {{customer.plan.tier}}. {{customer.nothing}}',
      },
      inputs: { customer: { name: 'Jisoo', plan: { tier: 2 } } },
      kinds: { customer: 'json' },
      outputs: { messages: [{ role: 'system', content: 'You write to Jisoo, plan 2. ' }] },
    },
  ],
  run: ({ config, inputs, kinds }) => ({
    messages: [{ role: config.role, content: renderTemplate(config.template, inputs, kinds) }],
  }),
})
