import type { Kind } from '#nodes/ports.ts'
import type { Rule } from './faults.ts'
import type { Lifted } from './lift/types.ts'
import { fieldsOf } from './run-input.ts'

/** Kinds of fields that can carry a conversation. */
export const chatKinds = ['text', 'message', 'messages'] as const satisfies readonly Kind[]
export type ChatKind = (typeof chatKinds)[number]
/** Whether a field of this kind can carry a conversation. */
export const isChat = (kind: Kind | undefined): kind is ChatKind => (chatKinds as readonly unknown[]).includes(kind)

/** A field of a run's output: its kind, and the port that feeds it, where that is one plain step. */
export type OutputField = { kind: Kind; from?: { node: string; port: string; streams: boolean } }

/** The fields of a run's output, by name: what the nodes at the end of a lifted document take. */
export const outputFields = (lifted: Lifted): ReadonlyMap<string, OutputField> => {
  const fields = new Map<string, OutputField>()
  for (const { entry, node, inputs, into, axes } of lifted.nodes.values()) {
    if (entry.boundary !== 'end' || node.disabled) continue
    for (const [name, port] of inputs) {
      const [wire, ...more] = into.get(name) ?? []
      if (fields.has(name) || !wire) continue
      const plain = axes.length === 0 && wire.axes.length === 0 && more.length === 0
      const source = lifted.nodes.get(wire.from.node)?.outputs.get(wire.from.port)
      fields.set(name, {
        // Over the items of a map the field is a list.
        kind: axes.length > 0 ? 'json' : port.kind,
        ...(plain && { from: { ...wire.from, streams: source?.streams === true } }),
      })
    }
  }
  return fields
}

export type ChatFields =
  | {
      ok: true
      input: { name: string; kind: ChatKind }
      output: { name: string; kind: ChatKind; from?: OutputField['from'] }
    }
  | {
      ok: false
      message: string
      /** Which of the two is wrong, and how, for words in other languages. */
      at: 'input' | 'output'
      rule: Rule
      values: Record<string, string>
    }

const listed = (names: Iterable<string>): string => [...names].join(', ') || 'none'

/** Whether a chat can go in at the field `input` and come out at `output`, and if not, why and what to do. */
export const chatFieldsOf = (lifted: Lifted, input: string, output: string): ChatFields => {
  const inputs = fieldsOf(lifted)
  const outputs = outputFields(lifted)
  const given = inputs.get(input)?.kind
  const taken = outputs.get(output)
  const absent = (at: 'input' | 'output', field: string, fields: string): ChatFields => ({
    ok: false,
    message: `The pipeline has no ${at} field "${field}". It has: ${fields}.`,
    at,
    rule: 'no-field',
    values: { field, fields },
  })
  const mute = (at: 'input' | 'output', field: string, kind: Kind): ChatFields => ({
    ok: false,
    message: `The ${at} field "${field}" is of kind ${kind}. Name one of kind text or messages.`,
    at,
    rule: 'no-chat',
    values: { field, kind },
  })
  if (given === undefined) return absent('input', input, listed(inputs.keys()))
  if (!isChat(given)) return mute('input', input, given)
  if (!taken) return absent('output', output, listed(outputs.keys()))
  const { kind, from } = taken
  if (!isChat(kind)) return mute('output', output, kind)
  const starved = [...inputs].filter(([name, field]) => name !== input && field.required).map(([name]) => name)
  if (starved.length > 0)
    return {
      ok: false,
      message: `A chat fills "${input}" alone, and the pipeline also needs ${listed(starved)}. Remove these fields, or put their values into the pipeline.`,
      at: 'input',
      rule: 'starved',
      values: { field: input, missing: listed(starved) },
    }
  return { ok: true, input: { name: input, kind: given }, output: { name: output, kind, ...(from && { from }) } }
}
