import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import type { ResourceFile } from '../define.ts'
import { NodeError } from '../errors.ts'
import type { Row } from '../ports.ts'
import { decodeSlices, decodeText } from './text-file.ts'

/** A row with the place it came from, for errors. `line` counts from 1. `isText`: its cells are text, whatever they say. */
export type PlacedRow = { row: Row; file: string; line: number; isText: boolean }

const bad = (file: string, line: number, what: string, todo: string, cause?: unknown) =>
  new NodeError('row-invalid', `${file}, line ${line}: ${what}. ${todo}`, { cause, details: { file, line } })

async function* readJsonl(path: string, bytes: Uint8Array): AsyncGenerator<PlacedRow> {
  for (let start = 0, line = 1; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(10, start)
    const end = newline < 0 ? bytes.length : newline
    const text = decodeText(path, bytes.subarray(start, end)).trim()
    start = end + 1
    if (text === '') continue
    let row: unknown
    try {
      row = JSON.parse(text)
    } catch (cause) {
      throw bad(path, line, 'this is not JSON', 'Each line holds one JSON object.', cause)
    }
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw bad(path, line, 'this is JSON but not an object', 'Each line holds one JSON object, such as {"text": "…"}.')
    }
    yield { row: row as Row, file: path, line, isText: false }
  }
}

/** Slices of a file, so that the parser never holds more than it needs. */
function* slices(bytes: Uint8Array, size = 65_536): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

const columnNames = (path: string) => (header: string[]) => {
  const names = header.map((name) => name.normalize('NFC').trim())
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw bad(path, 1, `the column "${twice}" stands there twice`, 'Rename one of them.')
  if (names.includes('__proto__')) throw bad(path, 1, 'a column cannot be named "__proto__"', 'Rename it.')
  return names
}

async function* readCsv(path: string, bytes: Uint8Array, delimiter: string): AsyncGenerator<PlacedRow> {
  const parser = parse({ columns: columnNames(path), delimiter, info: true, skip_empty_lines: true })
  const source = Readable.from(decodeSlices(path, slices(bytes)), { objectMode: false })
  source.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: { lines: number } }>) {
      yield { row: record, file: path, line: info.lines, isText: true }
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = typeof cause.lines === 'number' ? cause.lines : 1
    throw bad(path, line, cause.message.replace(/ on line \d+/, '').replace(/\.$/, ''), 'Correct the file.', cause)
  } finally {
    source.destroy()
    parser.destroy()
  }
}

/** Streams the rows of a JSONL, CSV or TSV file. Cells of CSV are text. */
export async function* readRows(file: ResourceFile): AsyncGenerator<PlacedRow> {
  const ending = /\.([^./]+)$/.exec(file.path)?.[1]?.toLowerCase()
  if (ending === 'jsonl' || ending === 'ndjson') yield* readJsonl(file.path, await file.bytes())
  else if (ending === 'csv') yield* readCsv(file.path, await file.bytes(), ',')
  else if (ending === 'tsv') yield* readCsv(file.path, await file.bytes(), '\t')
  else {
    throw new NodeError(
      'file-kind',
      `${file.path} is not a file of rows. A dataset reads .jsonl, .csv and .tsv; convert it or leave it out.`,
      { details: { file: file.path } },
    )
  }
}
