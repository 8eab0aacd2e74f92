import { z } from 'zod'
import { defineNode, type Resource } from '../define.ts'
import { NodeError } from '../errors.ts'
import { fieldsConfig, readFields } from '../lib/fields.ts'
import { type PlacedRow, readRows } from '../lib/read-rows.ts'
import { type Kind, port, type Row } from '../ports.ts'

const truths = new Map(Object.entries({ true: true, false: false, yes: true, no: false, 1: true, 0: false }))

/** A cell of CSV is text; what the fields say is a number, a yes or no, or JSON is read as that. */
const readCell = (cell: unknown, kind: Kind): unknown => {
  if (typeof cell !== 'string' || kind === 'text' || kind === 'any') return cell
  if (kind === 'number') return cell.trim() !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell
  if (kind === 'boolean') return truths.get(cell.trim().toLowerCase()) ?? cell
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

const typed = ({ row, isText }: PlacedRow, fields: Record<string, Kind>): Row => {
  if (!isText) return row
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name,
      Object.hasOwn(fields, name) ? readCell(cell, fields[name] as Kind) : cell,
    ]),
  ) as Row
}

async function* items({ files }: Resource, fields: Record<string, Kind>, limit: number) {
  let left = limit
  for (const file of files) {
    for await (const placed of readRows(file)) {
      const row = typed(placed, fields)
      yield { ...readFields(row, fields, `${placed.file}, line ${placed.line}`), rows: row }
      left -= 1
      if (left === 0) return
    }
  }
}

export const dataset = defineNode({
  type: 'dataset',
  version: 1,
  title: { en: 'Dataset', ko: '데이터셋' },
  group: 'data',
  icon: 'database',
  docs: {
    en: 'Brings in the rows of JSONL, CSV or TSV files, one by one: every node after it runs once per row, until Collect or Report ends it. `rows` is the whole row; each named field is an output of its own. Cells of CSV are text unless their field is a number, a yes or no, or JSON.',
    ko: 'JSONL, CSV, TSV 파일의 행을 하나씩 가져와요. 뒤에 오는 노드는 목록 모으기나 보고서가 나올 때까지 행마다 한 번씩 실행해요. `rows`는 행 전체이고, 필드마다 출력이 따로 있어요. CSV 칸은 필드의 종류가 숫자, 참·거짓, JSON이 아니면 텍스트예요.',
  },
  keywords: ['rows', 'csv', 'jsonl', 'table', 'test set', '행', '표', '자료', '평가 자료'],
  config: z.object({
    dataset: z
      .string()
      .default('')
      .meta({ label: { en: 'Dataset', ko: '데이터셋' }, ui: 'resource', resource: 'dataset' }),
    fields: fieldsConfig.default({}).meta({
      label: { en: 'Fields', ko: '필드' },
      help: { en: 'Columns to hand out one by one, and their kinds.', ko: '따로 내보낼 열과 그 종류예요.' },
      ui: 'fields',
    }),
    limit: z
      .int()
      .min(1)
      .optional()
      .meta({
        label: { en: 'At most', ko: '최대 행 수' },
        help: { en: 'Only the first rows, for a quick try.', ko: '빨리 시험할 때 앞부분만 써요.' },
        unit: 'rows',
      }),
  }),
  inputs: {},
  outputs: port.with({ rows: port.each(port.row()) }, port.fromFields('fields', { each: true })),
  effect: 'pure',
  summary: '{dataset}',
  examples: [
    {
      title: { en: 'Labelled tickets from CSV', ko: 'CSV에 든 분류된 문의' },
      config: { dataset: 'tickets', fields: { text: 'text', urgent: 'boolean' }, limit: 2 },
      inputs: {},
      files: {
        'tickets.csv':
          'text,team,urgent\n"Charged twice, twice!",billing,yes\nHow do I log in?,account,no\nThanks,other,no\n',
      },
      outputs: {
        rows: [
          { text: 'Charged twice, twice!', team: 'billing', urgent: true },
          { text: 'How do I log in?', team: 'account', urgent: false },
        ],
        text: ['Charged twice, twice!', 'How do I log in?'],
        urgent: [true, false],
      },
    },
    {
      title: { en: 'A line that is no JSON', ko: 'JSON이 아닌 줄' },
      config: { dataset: 'tickets' },
      inputs: {},
      files: { 'tickets.jsonl': '{"text": "환불해 주세요"}\n{"text": oops}\n' },
      error: 'row-invalid',
    },
  ],
  run: async ({ config, resource }) => {
    const found = await resource(config.dataset)
    if (found.kind !== 'dataset') {
      throw new NodeError('resource-kind', `"${found.name}" is not a dataset but ${found.kind}. Choose a dataset.`)
    }
    return { each: items(found, config.fields, config.limit ?? Number.POSITIVE_INFINITY) }
  },
})
