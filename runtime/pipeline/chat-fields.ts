import type { Kind } from '#nodes/ports.ts'
import type { Lifted } from './lift/types.ts'
import { fieldsOf } from './run-input.ts'

/** Kinds of fields that can carry a conversation. */
export const chatKinds = ['text', 'message', 'messages'] as const satisfies readonly Kind[]
export type ChatKind = (typeof chatKinds)[number]
const isChat = (kind: Kind | undefined): kind is ChatKind => (chatKinds as readonly unknown[]).includes(kind)

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
  | { ok: false; message: string }

const listed = (names: Iterable<string>): string => [...names].join(', ') || 'none'

/** Whether a chat can go in at the field `input` and come out at `output`, and if not, why and what to do. */
export const chatFieldsOf = (lifted: Lifted, input: string, output: string): ChatFields => {
  const inputs = fieldsOf(lifted)
  const outputs = outputFields(lifted)
  const given = inputs.get(input)?.kind
  const taken = outputs.get(output)
  if (given === undefined)
    return { ok: false, message: `The pipeline has no input field "${input}". It has: ${listed(inputs.keys())}.` }
  if (!isChat(given))
    return { ok: false, message: `The input field "${input}" is of kind ${given}. Name one of kind text or messages.` }
  if (!taken)
    return { ok: false, message: `The pipeline has no output field "${output}". It has: ${listed(outputs.keys())}.` }
  const { kind, from } = taken
  if (!isChat(kind))
    return { ok: false, message: `The output field "${output}" is of kind ${kind}. Name one of kind text or messages.` }
  const starved = [...inputs].filter(([name, field]) => name !== input && field.required).map(([name]) => name)
  if (starved.length > 0)
    return {
      ok: false,
      message: `A chat fills "${input}" alone, and the pipeline also needs ${listed(starved)}. Remove these fields, or put their values into the pipeline.`,
    }
  return { ok: true, input: { name: input, kind: given }, output: { name: output, kind, ...(from && { from }) } }
}
