import { z } from 'zod'
import {
  type AnyNode,
  type Bilingual,
  defineNode,
  type Effect,
  type NodeContext,
  type Registry,
} from '#nodes/define.ts'
import type { Item } from '#nodes/ports.ts'
import { port } from '#nodes/ports.ts'

/*
 * Node types of the engine's tests. The registry is an argument of the engine, so these and the product's own types are
 * all the same to it.
 */
const both = (text: string): Bilingual => ({ en: text, ko: text })
const about = (type: string) =>
  ({ type, version: 1, title: both(type), group: 'flow', icon: 'box', docs: both(type) }) as const
const none = z.object({})

export const start = defineNode({
  ...about('start'),
  config: z.object({ fields: z.record(z.string(), z.string()).default({ x: 'json' }) }),
  inputs: {},
  outputs: port.fromFields('fields'),
  effect: 'pure',
  boundary: 'start',
  run: ({ config, inputs }) =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(config.fields, name))),
})

export const end = defineNode({
  ...about('end'),
  config: z.object({ fields: z.record(z.string(), z.string()).default({ y: 'any' }) }),
  inputs: port.fromFields('fields'),
  outputs: {},
  effect: 'pure',
  boundary: 'end',
  run: () => ({}),
})

/** Adds to a number; an empty input counts as 0. */
export const add = defineNode({
  ...about('add'),
  config: z.object({ by: z.number().default(1) }),
  inputs: { x: port.many(port.json()) },
  outputs: { x: port.json() },
  effect: 'pure',
  run: ({ config, inputs }) => ({ x: inputs.x.reduce<number>((sum, x) => sum + Number(x), config.by) }),
})

/** As `add`, but answers later. */
export const addLater = defineNode({
  ...add,
  ...about('add-later'),
  run: async ({ config, inputs }) => {
    await new Promise(setImmediate)
    return { x: inputs.x.reduce<number>((sum, x) => sum + Number(x), config.by) }
  },
})

/** Even numbers leave at one port, odd ones at the other. */
export const parity = defineNode({
  ...about('parity'),
  config: none,
  inputs: { x: port.json() },
  outputs: { even: port.json(), odd: port.json() },
  effect: 'pure',
  run: ({ inputs }) => (Number(inputs.x) % 2 === 0 ? { even: inputs.x } : { odd: inputs.x }),
})

export const merge = defineNode({
  ...about('merge'),
  config: none,
  inputs: { x: port.many(port.json()) },
  outputs: { x: port.json() },
  effect: 'pure',
  joins: true,
  run: ({ inputs }) => ({ x: inputs.x[0] ?? null }),
})

/** Takes whichever of two inputs arrives. */
export const either = defineNode({
  ...about('either'),
  config: none,
  inputs: { a: port.json(), b: port.json() },
  outputs: { x: port.json() },
  effect: 'pure',
  joins: true,
  run: ({ inputs }) => ({ x: { a: inputs.a ?? null, b: inputs.b ?? null } }),
})

/** A list becomes the items of a map; a number n the items 0 … n - 1. */
export const split = defineNode({
  ...about('split'),
  config: none,
  inputs: { x: port.json() },
  outputs: { x: port.each(port.json()), n: port.number() },
  effect: 'pure',
  run: ({ inputs }) => {
    const list = Array.isArray(inputs.x) ? inputs.x : Array.from({ length: Number(inputs.x) }, (_, at) => at)
    return { each: list.map((x) => ({ x })), n: list.length }
  },
})

/** 0 to 3 items, by the number that arrives. */
export const few = defineNode({
  ...split,
  ...about('few'),
  run: ({ inputs }) => ({
    each: Array.from({ length: Math.abs(Number(inputs.x)) % 4 }, (_, x) => ({ x })),
    n: Number(inputs.x),
  }),
})

/** What arrives at a node that ends a map, as plain data. */
export const gather = defineNode({
  ...about('gather'),
  config: none,
  inputs: { x: port.each(port.json()) },
  outputs: { x: port.json(), sum: port.json(), items: port.json() },
  effect: 'pure',
  run: async ({ inputs }) => {
    const items: Item<unknown>[] = []
    for await (const item of inputs.x) items.push(item)
    const values = items.flatMap((item) => ('value' in item ? [item.value] : []))
    return {
      x: values as z.core.util.JSONType[],
      sum: values.reduce<number>((sum, x) => sum + (Number(x) || 0), 0),
      items: items as unknown as z.core.util.JSONType,
    }
  },
})

type Behaviour = (context: NodeContext<{ name: string }, { x?: unknown }, 'x'>) => unknown

/** A node whose steps do what the test says, by the name in its config. */
export const scripted = (type: string, effect: Effect, behaviours: Record<string, Behaviour>) =>
  defineNode({
    ...about(type),
    config: z.object({ name: z.string() }),
    inputs: { x: port.optional(port.json()) },
    outputs: { x: { ...port.any(), streams: true as const } },
    effect,
    secrets: () => ['token'],
    run: (context) => {
      const behaviour = behaviours[context.config.name]
      if (!behaviour) throw new Error(`No behaviour "${context.config.name}".`)
      return behaviour(context) as { x: unknown }
    },
  })

/** A scripted node that takes and streams text. */
const talk = (behaviours: Record<string, Behaviour>) => ({
  ...scripted('talk', 'reads', behaviours),
  inputs: { x: port.optional(port.text()) },
  outputs: { x: port.textStream() },
})

/** A registry of all of these; `behaviours` are those of the types `pure`, `read`, `write` and `talk`. */
export const testRegistry = (behaviours: Record<string, Behaviour> = {}): Registry => {
  const nodes = [
    ...[start, end, add, addLater, parity, merge, either, split, few, gather],
    scripted('pure', 'pure', behaviours),
    scripted('read', 'reads', behaviours),
    scripted('write', 'writes', behaviours),
    talk(behaviours),
  ] as unknown as AnyNode[]
  return new Map(nodes.map((node) => [node.type, node]))
}
