import { z } from 'zod'
import { defineNode } from '../define.ts'

export const note = defineNode({
  type: 'note',
  version: 1,
  title: { en: 'Note', ko: '메모' },
  group: 'flow',
  icon: 'sticky-note',
  docs: {
    en: 'Words on the canvas for whoever reads the pipeline. It is never executed.',
    ko: '파이프라인을 읽는 사람을 위한 글이에요. 실행하지 않아요.',
  },
  keywords: ['comment', 'text', 'annotation', '주석', '설명'],
  config: z.object({
    text: z
      .string()
      .max(10_000)
      .default('')
      .meta({ label: { en: 'Text', ko: '글' }, ui: 'multiline' }),
  }),
  inputs: {},
  outputs: {},
  effect: 'pure',
  annotation: true,
  examples: [
    {
      title: { en: 'A word to the next reader', ko: '다음 사람에게 남기는 말' },
      config: { text: 'Tickets in other languages go to Jisoo.' },
      inputs: {},
      outputs: {},
    },
  ],
  run: () => ({}),
})
