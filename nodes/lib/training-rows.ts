import { createHash } from 'node:crypto'
import { z } from 'zod'
import { NodeError } from '../errors.ts'
import { type Item, message, type Row } from '../ports.ts'
import { templateVariables } from '../rules.ts'
import { describeValue } from './fields.ts'
import { renderTemplate } from './template.ts'

export const methods = ['lora', 'full', 'dpo', 'pretrain'] as const
export type Method = (typeof methods)[number]
/** What a row becomes, field by field; an empty template is not given. */
export type Templates = { prompt: string; completion: string; rejected: string; text: string }

const text = z.string().regex(/\S/, 'is empty')
const turn = z.union([text, z.array(message).min(1)])
const conversation = z
  .object({ messages: z.array(message).min(1) })
  .refine(({ messages }) => messages.some(({ role }) => role === 'assistant'), {
    message: 'no message is the assistant’s',
  })
const completed = z.object({ prompt: turn, completion: turn })

/** The forms of rows that a trainer reads, by method; they are those of TRL. */
const forms: Record<Method, { schemas: readonly z.ZodType[]; told: string }> = {
  lora: { schemas: [conversation, completed], told: '"messages", or "prompt" and "completion"' },
  full: { schemas: [conversation, completed], told: '"messages", or "prompt" and "completion"' },
  dpo: {
    schemas: [z.object({ prompt: turn, chosen: turn, rejected: turn })],
    told: '"prompt", "chosen" and "rejected"',
  },
  pretrain: { schemas: [z.object({ text })], told: '"text"' },
}

/** The row as the trainer reads it, without its other fields; undefined where it has no such form. */
const formed = (row: unknown, method: Method): Record<string, unknown> | undefined => {
  for (const schema of forms[method].schemas) {
    const parsed = schema.safeParse(row)
    if (parsed.success) return parsed.data as Record<string, unknown>
  }
  return undefined
}

const fill = (template: string, row: Row, where: string): string => {
  const missing = templateVariables(template).find((name) => !Object.hasOwn(row, name))
  if (missing !== undefined)
    throw new NodeError(
      'field-missing',
      `${where} has no field "${missing}"; it has ${Object.keys(row).slice(0, 8).join(', ') || 'no fields'}. Correct the template, or the data.`,
      { details: { field: missing } },
    )
  return renderTemplate(template, row, {})
}

const templated = (row: Row, method: Method, templates: Templates, where: string): Record<string, unknown> => {
  const { prompt, completion, rejected } = templates
  if (method === 'pretrain') return { text: fill(templates.text, row, where) }
  const asked = fill(prompt, row, where)
  const answered = fill(completion, row, where)
  return method === 'dpo'
    ? { prompt: asked, chosen: answered, rejected: fill(rejected, row, where) }
    : { prompt: asked, completion: answered }
}

const usesTemplates = (method: Method, { prompt, completion, rejected, text: whole }: Templates): boolean =>
  method === 'pretrain' ? whole !== '' : prompt !== '' || completion !== '' || (method === 'dpo' && rejected !== '')

/**
 * A row as a line for the trainer: by the templates where there are any, else as it is. `asIs`: a row that has the
 * trainer's form already is taken as it is although there are templates.
 */
export const trainingLine = (
  row: Row,
  method: Method,
  templates: Templates,
  where: string,
  { asIs = false }: { asIs?: boolean } = {},
): string => {
  const ready = asIs || !usesTemplates(method, templates) ? formed(row, method) : undefined
  const made =
    ready ?? (usesTemplates(method, templates) ? formed(templated(row, method, templates, where), method) : undefined)
  if (made) return JSON.stringify(made)
  throw new NodeError(
    'row-invalid',
    `${where} is ${describeValue(row)}, and training by this method needs ${forms[method].told}, none of them empty. Fill in the templates, or give the rows this form.`,
  )
}

/** More would not fit into memory in one piece. */
const mostBytes = 256_000_000

/** All rows of a stream as lines. Holes are left out and counted. */
export const readLines = async (
  items: AsyncIterable<Item<Row>> | undefined,
  name: string,
  line: (row: Row, where: string) => string,
): Promise<{ lines: string[]; holes: number }> => {
  const lines: string[] = []
  let [holes, size, number] = [0, 0, 0]
  for await (const item of items ?? []) {
    number += 1
    if (!('value' in item)) {
      holes += 1
      continue
    }
    const made = line(item.value, `Row ${number} of "${name}"`)
    size += made.length
    if (size > mostBytes)
      throw new NodeError(
        'data-too-large',
        `The rows of "${name}" are over ${mostBytes / 1e6} MB. Train on fewer rows, or on shorter ones.`,
      )
    lines.push(made)
  }
  return { lines, holes }
}

/** A number from 0 to 1 that a line and a seed always give alike, wherever the line stands. */
const drawn = (line: string, seed: number): number =>
  createHash('sha256').update(`${seed}\n${line}`).digest().readUInt32BE() / 2 ** 32

/** Keeps about `share` of the lines for evaluation. The same line twice lands on one side, so nothing is learned by heart. */
export const splitLines = (
  lines: readonly string[],
  share: number,
  seed: number,
): { train: string[]; evaluation: string[] } => ({
  train: lines.filter((line) => drawn(line, seed) >= share),
  evaluation: lines.filter((line) => drawn(line, seed) < share),
})

/** Draws `count` lines (all, if there are fewer), in their order. */
export const drawLines = (lines: readonly string[], count: number, seed: number): string[] => {
  const chosen = new Set(
    lines
      .map((line, at) => ({ at, rank: drawn(`${at}\n${line}`, seed) }))
      .sort((a, b) => a.rank - b.rank)
      .slice(0, count)
      .map(({ at }) => at),
  )
  return lines.filter((_, at) => chosen.has(at))
}

/** Lines as the bytes of a JSONL file: the same lines are always the same bytes. */
export const asJsonl = (lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
