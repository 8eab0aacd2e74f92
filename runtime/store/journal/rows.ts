import type { RunEnd, RunStart, SourceChunk, StepRow } from '../journal.ts'
import { writeJsonText } from '../json-text.ts'

/*
 * Rows as JSON text with the short keys that `journal_flush` (migrations) reads. Values come as text that is written
 * already, so each is turned into text once.
 */

/** `r` run, `w` workspace, `n` node, `p` path, `s` status, `a` attempt, `b` begun at (ms), `m` mark, `q` seq, `o` `e` `u` values. */
export const stepText = (run: string, workspace: string | undefined, row: StepRow, outputs: string | null): string => {
  let text = `{"r":"${run}","n":${JSON.stringify(row.node)},"s":"${row.status}","a":${row.attempt},"ms":${row.ms},"q":${row.seq}`
  if (workspace !== undefined) text += `,"w":${JSON.stringify(workspace)}`
  if (row.path.length > 0) text += `,"p":[${row.path.join(',')}]`
  if (row.startedAt !== null) text += `,"b":${row.startedAt}`
  if (row.mark !== undefined) text += `,"m":"${row.mark}"`
  if (outputs !== null) text += `,"o":${outputs}`
  if (row.error !== null) text += `,"e":${writeJsonText(row.error)}`
  if (row.usage !== null) text += `,"u":${JSON.stringify(row.usage)}`
  return `${text}}`
}

/** `f` position of the first item, `i` items, `l` last. */
export const sourceText = (run: string, workspace: string | undefined, chunk: SourceChunk, items: string): string =>
  `{"r":"${run}",${workspace === undefined ? '' : `"w":${JSON.stringify(workspace)},`}"n":${JSON.stringify(chunk.node)},` +
  `"p":[${chunk.path.join(',')}],"f":${chunk.from},"l":${chunk.last},"q":${chunk.seq},"i":${items}}`

export const endText = (run: string, end: RunEnd, output: string | null): string =>
  `{"r":"${run}","s":"${end.status}","at":${end.at},"q":${end.seq},"u":${JSON.stringify(end.usage)}` +
  `${output === null ? '' : `,"o":${output}`}${end.error === null ? '' : `,"e":${writeJsonText(end.error)}`}}`

/** The end of a run that begins in the same flush, as part of its start: one insert instead of an insert and an update. */
const foldedEnd = (end: RunEnd, output: string | null): string =>
  `,"es":"${end.status}","ea":${end.at},"eq":${end.seq},"eu":${JSON.stringify(end.usage)}` +
  `${output === null ? '' : `,"eo":${output}`}${end.error === null ? '' : `,"ee":${writeJsonText(end.error)}`}`

/** `t` trigger, `s` snapshot, `i` input, `q` queued, `pr` priority, `at` created, `e…` the end. */
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

export const keyText = ({ id, request }: RunStart): string | undefined =>
  request.idempotency &&
  writeJsonText({
    r: id,
    w: request.workspace,
    t: request.idempotency.trigger,
    k: request.idempotency.key,
    d: request.idempotency.bodyDigest,
  })
