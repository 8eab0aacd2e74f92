import type { RunEnd, RunStart, SourceChunk } from '../journal.ts'
import { writeJsonText } from '../json-text.ts'

/*
 * Rows as JSON text with the short keys that `journal_flush` (migrations) reads. Values come as text that is written
 * already, so each is turned into text once. `run` is a position in the flush's list of runs, from 1.
 */

/** `n` node, `p` path, `f` position of the first item, `i` items, `l` last, `q` seq. */
export const sourceText = (run: number, chunk: SourceChunk, items: string): string =>
  `{"r":${run},"n":${JSON.stringify(chunk.node)},"p":[${chunk.path.join(',')}],"f":${chunk.from},"l":${chunk.last},` +
  `"q":${chunk.seq},"i":${items}}`

/** `s` status, `at` when, `o` output, `e` error, `u` usage. */
export const endText = (run: number, end: RunEnd, output: string | null): string =>
  `{"r":${run},"s":"${end.status}","at":${end.at},"q":${end.seq},"u":${JSON.stringify(end.usage)}` +
  `${output === null ? '' : `,"o":${output}`}${end.error === null ? '' : `,"e":${writeJsonText(end.error)}`}}`

/** The end of a run that begins in the same flush, as part of its start: one insert instead of an insert and an update. */
const foldedEnd = (end: RunEnd, output: string | null): string =>
  `,"es":"${end.status}","ea":${end.at},"eq":${end.seq},"eu":${JSON.stringify(end.usage)}` +
  `${output === null ? '' : `,"eo":${output}`}${end.error === null ? '' : `,"ee":${writeJsonText(end.error)}`}`

/** `w` workspace, `n` name, `t` trigger, `s` snapshot, `i` input, `p` pipeline, `v` version, `q` queued, `pr` priority, `e…` the end. */
export const startText = (
  { id, request, at, queued, priority }: RunStart,
  digest: string,
  input: string,
  end?: { end: RunEnd; output: string | null },
): string => {
  let text = `{"r":"${id}","w":${writeJsonText(request.workspace)},"n":${writeJsonText(request.document.name)},"t":"${request.trigger}"`
  text += `,"s":"${digest}","at":${at},"i":${input}`
  if (request.pipeline !== undefined) text += `,"p":${writeJsonText(request.pipeline)}`
  if (request.version !== undefined) text += `,"v":${request.version}`
  if (queued) text += ',"q":true'
  if (priority !== undefined) text += `,"pr":${priority}`
  if (end) text += foldedEnd(end.end, end.output)
  return `${text}}`
}

/** `t` trigger, `k` key, `d` digest of the body. */
export const keyText = ({ id, request }: RunStart): string | undefined =>
  request.idempotency &&
  writeJsonText({
    r: id,
    w: request.workspace,
    t: request.idempotency.trigger,
    k: request.idempotency.key,
    d: request.idempotency.bodyDigest,
  })
