import { NodeError } from '#nodes/errors.ts'
import type { Kind } from '#nodes/ports.ts'
import { isOfKind, kindProblem } from '../pipeline/values.ts'
import type { PlanNode } from './plan.ts'

type Values = Readonly<Record<string, unknown>>

/** What a step returned, taken apart: values by port, and the items of the map that it starts. */
export type Returned = { outputs: Record<string, unknown>; each: unknown }

/** Reads what `run` returned. Throws NodeError `bad-output` when it is not what the ports promise. */
export const readReturned = (node: PlanNode, returned: unknown): Returned => {
  if (returned === undefined) return { outputs: {}, each: undefined }
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned)) {
    throw badOutput(node, 'what it returned', 'it is not an object with a value per output')
  }
  const values = returned as Record<string, unknown>
  const each = node.starts ? values.each : undefined
  return { outputs: each === undefined ? checked(node, values, false) : checked(node, without(values), false), each }
}

/** Reads one item of a map. */
export const readItem = (node: PlanNode, item: unknown): Record<string, unknown> => {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw badOutput(node, 'an item', 'it is not an object with a value per output')
  }
  return checked(node, item as Record<string, unknown>, true)
}

const without = ({ each: _, ...rest }: Record<string, unknown>): Record<string, unknown> => rest

/** Copies only if there is something to leave out: this runs for every step. */
const checked = (node: PlanNode, values: Record<string, unknown>, items: boolean): Record<string, unknown> => {
  let empty = false
  for (const name in values) {
    const value = values[name]
    if (value === undefined) {
      empty = true
      continue
    }
    const port = Object.hasOwn(node.outputs, name) ? node.outputs[name] : undefined
    if (!port) throw badOutput(node, name, 'the node has no such output')
    if ((port.each === true) !== items) {
      throw badOutput(
        node,
        name,
        items ? 'it is not part of the items' : 'its values belong into the items under "each"',
      )
    }
    checkKind(node, name, value, port.kind)
  }
  return empty ? withoutUndefined(values) : values
}

const withoutUndefined = (values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const checkKind = (node: PlanNode, name: string, value: unknown, kind: Kind): void => {
  if (!isOfKind(value, kind)) throw badOutput(node, name, `it is not ${kind}: ${kindProblem(value, kind)}`)
}

const badOutput = (node: PlanNode, port: string, problem: string): NodeError =>
  new NodeError(
    'bad-output',
    `Node "${node.id}" (${node.definition.type}) gave a wrong value at output "${port}": ${problem}. This is a bug of the node type; report it.`,
    { details: { node: node.id, port } },
  )
