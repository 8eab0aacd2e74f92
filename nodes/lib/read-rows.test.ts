import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResourceFile } from '../define.ts'
import { type PlacedRow, readRows } from './read-rows.ts'

const file = (path: string, body: string | Uint8Array): ResourceFile => ({
  path,
  digest: path,
  bytes: async () => (typeof body === 'string' ? new TextEncoder().encode(body) : body),
})
const read = async (path: string, body: string | Uint8Array) => {
  const all: PlacedRow[] = []
  for await (const placed of readRows(file(path, body))) all.push(placed)
  return all
}
const rows = async (path: string, body: string | Uint8Array) => (await read(path, body)).map((placed) => placed.row)

describe('readRows', () => {
  it('reads back any rows from JSONL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())), async (given) => {
        const text = given.map((row) => `${JSON.stringify(row)}\n`)
        expect(await rows('a.jsonl', text.join(''))).toEqual(text.map((line) => JSON.parse(line)))
      }),
    )
  })

  it('reads back any cells from CSV', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '휴', ',', '"', '\n', '\r\n', ' ', ';', "'") })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (cells) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const csv = [['left', 'right'], ...cells].map((row) => row.map(quoted).join(',')).join('\n')
        expect(await rows('a.csv', csv)).toEqual(cells.map(([left, right]) => ({ left, right })))
      }),
    )
  })

  it('takes Windows line ends, a byte order mark, blank lines and a last line without end', async () => {
    expect(await rows('a.jsonl', '\uFEFF{"a":1}\r\n\r\n{"a":2}')).toEqual([{ a: 1 }, { a: 2 }])
    expect(await rows('a.csv', '\uFEFF이름,나이\r\n지수,3\r\n\r\n민호,4')).toEqual([
      { 이름: '지수', 나이: '3' },
      { 이름: '민호', 나이: '4' },
    ])
    expect(await rows('a.tsv', 'a\tb\n1,5\t2\n')).toEqual([{ a: '1,5', b: '2' }])
  })

  it('knows the line of each row, also after cells with line breaks', async () => {
    expect((await read('a.jsonl', '{}\n\n{}\n')).map((row) => row.line)).toEqual([1, 3])
    expect((await read('a.csv', 'a\n"x\ny"\nz\n')).map((row) => row.line)).toEqual([3, 4])
  })

  it.each([
    ['a.jsonl', '{"a":1}\n{"a":\n', 'row-invalid', 'a.jsonl, line 2: this is not JSON. Each line'],
    ['a.jsonl', '{"a":1}\n\n[1]\n', 'row-invalid', 'a.jsonl, line 3: this is JSON but not an object. Each line'],
    ['a.csv', 'a,b\n1,2\n1,2,3\n', 'row-invalid', 'a.csv, line 3: Invalid Record Length'],
    ['a.csv', 'a,b\n1,"2\n', 'row-invalid', 'a.csv, line 2: Quote Not Closed'],
    ['a.csv', 'a,b,a\n1,2,3\n', 'row-invalid', 'a.csv, line 1: the column "a" stands there twice. Rename'],
    ['a.csv', '__proto__\n1\n', 'row-invalid', 'a.csv, line 1: a column cannot be named "__proto__". Rename'],
    ['a.xlsx', 'PK', 'file-kind', 'a.xlsx is not a file of rows. A dataset reads'],
    ['a.csv', new Uint8Array([0x61, 0x0a, 0xc8, 0xde]), 'not-utf8', 'a.csv is not UTF-8 text. Save'],
    [
      'late.csv',
      Buffer.concat([Buffer.from('word\n'.repeat(20_000)), Buffer.from([0xe9, 0x0a])]),
      'not-utf8',
      'late.csv is not UTF-8',
    ],
    ['a.jsonl', new Uint8Array([0x22, 0xc8, 0x22]), 'not-utf8', 'a.jsonl is not UTF-8 text. Save'],
  ])('says what is wrong with %s %#', async (path, body, code, told) => {
    await expect(read(path, body)).rejects.toMatchObject({ code, message: expect.stringContaining(told) })
  })

  it('hands out the first rows of a large file without reading the rest', async () => {
    const line = `${JSON.stringify({ text: '휴가는 며칠인가요' })}\n`
    const body = new TextEncoder().encode(line.repeat(500_000))
    const start = performance.now()
    for await (const { line: number } of readRows(file('big.jsonl', body))) if (number === 3) break
    expect(performance.now() - start).toBeLessThan(200)
  })
})
