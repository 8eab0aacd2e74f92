/** Compiled by `npm run types`, never executed: what a wrong node file is told by the compiler. */
import { z } from 'zod'
import { defineNode } from './define.ts'
import { port } from './ports.ts'

const words = { en: 'Test', ko: '시험' }
const common = { version: 1, title: words, group: 'data', icon: 'flask', docs: words, effect: 'pure' } as const

/** Fixed ports: every name and type is known. */
export const fixed = defineNode({
  ...common,
  type: 'test-fixed',
  config: z.object({ times: z.number().default(2) }),
  inputs: { text: port.text(), hint: port.optional(port.text()), all: port.many(port.number()) },
  outputs: { text: port.textStream(), count: port.number() },
  examples: [
    { title: words, config: {}, inputs: { text: 'a' }, outputs: { count: 1 } },
    // @ts-expect-error: the config has no such key
    { title: words, config: { time: 3 }, inputs: {} },
    // @ts-expect-error: a config value of another type
    { title: words, config: { times: '3' }, inputs: {} },
    // @ts-expect-error: there is no such input
    { title: words, config: {}, inputs: { texts: 'a' } },
    // @ts-expect-error: an output of another type
    { title: words, config: {}, inputs: {}, outputs: { count: '1' } },
    // @ts-expect-error: German is not spoken here
    { title: { ...words, de: 'Prüfung' }, config: {}, inputs: {} },
  ],
  run: ({ config, inputs, emit }) => {
    emit('text', 'piece')
    // @ts-expect-error: `count` does not stream
    emit('count', 'piece')
    // @ts-expect-error: there is no such port
    emit('txt', 'piece')
    // @ts-expect-error: there is no such input
    inputs.missing
    // @ts-expect-error: an optional input may be undefined
    inputs.hint.length
    // @ts-expect-error: a many input is an array
    inputs.all.toFixed()
    // @ts-expect-error: the config has no such key
    config.time
    return { text: inputs.text.repeat(config.times), count: inputs.all.length }
  },
})

export const wrongOutput = defineNode({
  ...common,
  type: 'test-wrong-output',
  config: z.object({}),
  inputs: {},
  outputs: { count: port.number() },
  // @ts-expect-error: `count` is a number
  run: () => ({ count: 'one' }),
})

export const unknownOutput = defineNode({
  ...common,
  type: 'test-unknown-output',
  config: z.object({}),
  inputs: {},
  outputs: { count: port.number() },
  // @ts-expect-error: there is no output `counts`
  run: () => ({ counts: 1 }),
})

/** A port left out starves what hangs on it: that is how a branch works, so it compiles. */
export const leftOut = defineNode({
  ...common,
  type: 'test-left-out',
  config: z.object({}),
  inputs: { text: port.text() },
  outputs: { yes: port.text(), no: port.text() },
  run: ({ inputs }) => (inputs.text ? { yes: inputs.text } : { no: inputs.text }),
})

/** Streams of items. */
export const items = defineNode({
  ...common,
  type: 'test-items',
  config: z.object({}),
  inputs: { scores: port.each(port.score()) },
  outputs: { value: port.each(port.number()), n: port.number() },
  run: async ({ inputs }) => {
    // @ts-expect-error: a stream is no array
    inputs.scores.length
    const each: { value: number }[] = []
    for await (const item of inputs.scores) {
      // @ts-expect-error: a position may be a hole
      item.value.passed
      if ('value' in item) each.push({ value: item.value.value })
    }
    return { n: each.length, each }
  },
})

export const wrongItem = defineNode({
  ...common,
  type: 'test-wrong-item',
  config: z.object({}),
  inputs: {},
  outputs: { value: port.each(port.number()) },
  // @ts-expect-error: items are numbers
  run: () => ({ each: [{ value: 'one' }] }),
})

export const itemsAsOutput = defineNode({
  ...common,
  type: 'test-items-as-output',
  config: z.object({}),
  inputs: {},
  outputs: { value: port.each(port.number()) },
  // @ts-expect-error: items of all ports are returned together, under `each`
  run: () => ({ value: [1, 2] }),
})

/** Computed ports: names are known at run time only, beside fixed ones that keep their types. */
export const computed = defineNode({
  ...common,
  type: 'test-computed',
  config: z.object({ fields: z.record(z.string(), z.string()).default({}) }),
  inputs: port.with({ value: port.accepting(port.json(), 'documents') }, port.fromFields('fields')),
  outputs: port.with({ else: port.boolean() }, port.fromFields('fields')),
  run: ({ inputs, emit }) => {
    // @ts-expect-error: none of these ports streams
    emit('else', 'piece')
    return { [inputs.name]: 1, else: Array.isArray(inputs.value) }
  },
})

export const wrongFixed = defineNode({
  ...common,
  type: 'test-wrong-fixed',
  config: z.object({}),
  inputs: {},
  outputs: port.with({ else: port.boolean() }, port.fromKeys('cases', port.any())),
  // @ts-expect-error: `else` keeps its type beside computed ports
  run: () => ({ else: 'yes' }),
})

export const wrongGroup = defineNode({
  ...common,
  type: 'test-wrong-group',
  // @ts-expect-error: the palette has no such group
  group: 'misc',
  config: z.object({}),
  inputs: {},
  outputs: {},
  run: () => ({}),
})
