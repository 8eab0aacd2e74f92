import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { buildTextIndex, splitterOf } from '../lib/text-index.ts'
import { port } from '../ports.ts'

const handbook = {
  'handbook/leave.md': '# 휴가\n\n연차휴가는 15일이에요. 다음 해로 5일까지 이월할 수 있어요.\n',
  'handbook/security.md': '# Security\n\nReport a lost laptop within one hour.\n',
}

export const retriever = defineNode({
  type: 'retriever',
  version: 1,
  title: { en: 'Retriever', ko: '문서 찾기' },
  group: 'retrieval',
  icon: 'text-search',
  docs: {
    en: 'Finds the passages of text and Markdown files that share the rarest words with the query (BM25 full-text search; Korean particles are set aside). Each passage says its file and where in it it stands. Nothing found is an empty list.',
    ko: '텍스트와 Markdown 파일에서 질문과 드문 낱말을 가장 많이 나누는 대목을 찾아요(BM25 전문 검색, 조사는 떼고 비교해요). 대목마다 파일과 위치가 붙고, 찾은 것이 없으면 빈 목록이에요.',
  },
  keywords: ['search', 'rag', 'find', 'documents', 'knowledge', 'bm25', '검색', '문서', '지식', '근거'],
  config: z.object({
    index: z
      .string()
      .default('')
      .meta({ label: { en: 'Index', ko: '색인' }, ui: 'resource', resource: 'index' }),
    top: z
      .int()
      .min(1)
      .max(50)
      .default(4)
      .meta({
        label: { en: 'Passages', ko: '대목 수' },
        help: { en: 'How many of the best are passed on.', ko: '가장 잘 맞는 대목을 몇 개 넘길지 정해요.' },
        ui: 'slider',
      }),
  }),
  inputs: { query: port.text('Query') },
  outputs: { documents: port.documents() },
  effect: 'pure',
  summary: '{index} · top {top}',
  examples: [
    {
      title: { en: 'A Korean question', ko: '한국어 질문' },
      config: { index: 'handbook', top: 1 },
      inputs: { query: '휴가는 며칠인가요' },
      files: handbook,
      outputs: {
        documents: [
          {
            text: '# 휴가\n\n연차휴가는 15일이에요. 다음 해로 5일까지 이월할 수 있어요.',
            source: { file: 'handbook/leave.md', start: 0, end: 41 },
            score: 2.645,
          },
        ],
      },
    },
    {
      title: { en: 'Another word form', ko: '낱말의 다른 꼴' },
      config: { index: 'handbook', top: 4 },
      inputs: { query: 'Where do I report lost laptops?' },
      files: handbook,
      outputs: {
        documents: [
          {
            text: '# Security\n\nReport a lost laptop within one hour.',
            source: { file: 'handbook/security.md', start: 0, end: 49 },
            score: 10.578,
          },
        ],
      },
    },
    {
      title: { en: 'A file that is no text', ko: '텍스트가 아닌 파일' },
      config: { index: 'handbook' },
      inputs: { query: 'leave' },
      files: { 'handbook/leave.pdf': '%PDF-1.7' },
      error: 'file-kind',
    },
  ],
  run: async ({ config, inputs, resource, memo }) => {
    const found = await resource(config.index)
    if (found.kind !== 'index') {
      throw new NodeError('resource-kind', `"${found.name}" is not an index but ${found.kind}. Choose an index.`)
    }
    const cut = splitterOf(found)
    const index = await memo(`text-index:${found.digest}:${cut.size}:${cut.overlap}`, () => buildTextIndex(found, cut))
    return { documents: index.search(inputs.query, config.top) }
  },
})
