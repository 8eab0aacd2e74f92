import { wire } from '../support/wire.ts'

/** Nine nodes of the product: a model call, a map over rows, and what joins them. A kill finds many of them in flight. */
export const slowPipeline = wire(
  {
    ask: { type: 'input', config: { fields: { ticket: 'text', rows: 'json' } } },
    question: {
      type: 'prompt',
      config: { template: 'Which category is it: billing, bug, account, shipping?\n{{ticket}}' },
    },
    answer: { type: 'model', config: { model: 'local:tiny', maxTokens: 8 } },
    split: { type: 'for-each', config: { kind: 'text' } },
    greet: { type: 'compose', config: { template: 'Dear {{row}}' } },
    sign: { type: 'compose', config: { template: '{{text}}, {{team}}' } },
    all: { type: 'collect' },
    reply: { type: 'compose', config: { template: '{{ticket}} → {{team}}' } },
    out: { type: 'output', config: { fields: { reply: 'text', letters: 'json' } } },
  },
  'ask.ticket > question.ticket',
  'question.messages > answer.messages',
  'ask.rows > split.list',
  'split.item > greet.row',
  'greet.text > sign.text',
  'answer.text > sign.team',
  'sign.text > all.items',
  'ask.ticket > reply.ticket',
  'answer.text > reply.team',
  'reply.text > out.reply',
  'all.list > out.letters',
)

export const mapped = ['greet', 'sign']
export const plain = slowPipeline.nodes.map(({ id }) => id).filter((id) => !mapped.includes(id))

/** The input of run `at`, and what its output must hold. */
export const inputOf = (at: number) => ({
  ticket: `My lamp number ${at} has not arrived.`,
  rows: Array.from({ length: 5 + (at % 20) }, (_, row) => `customer ${at}.${row}`),
})
