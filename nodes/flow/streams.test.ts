import { describe, expect, it } from 'vitest'
import type { AnyNode } from '../define.ts'
import { report } from '../evaluate/report.ts'
import { contextFor } from '../lib/run-example.ts'
import type { Item } from '../ports.ts'
import { branch } from './branch.ts'
import { collect } from './collect.ts'
import { forEach } from './for-each.ts'
import { merge } from './merge.ts'
import { zip } from './zip.ts'

/** Items of a map as the engine hands them over; `null` is a position whose item failed. */
async function* items(values: readonly unknown[]): AsyncGenerator<Item<unknown>> {
  for (const [position, value] of values.entries()) {
    yield value === null ? { path: [position], hole: 'failed', error: 'it broke' } : { path: [position], value }
  }
}
const run = async (node: AnyNode, config: Record<string, unknown>, inputs: Record<string, unknown>) =>
  (await node.run(contextFor(node, { config, inputs }))) as Record<string, unknown>
const each = async (returned: Record<string, unknown>) => {
  const all: unknown[] = []
  for await (const item of returned.each as AsyncIterable<unknown>) all.push(item)
  return all
}

describe('collect', () => {
  it('leaves failed items out, or keeps their places', async () => {
    const list = ['a', null, 'c']
    expect(await run(collect, {}, { items: items(list) })).toEqual({ list: ['a', 'c'] })
    expect(await run(collect, { holes: 'null' }, { items: items(list) })).toEqual({ list: ['a', null, 'c'] })
  })
})

describe('zip', () => {
  it('pairs by position and leaves out pairs with a failed side', async () => {
    const pairs = await each(await run(zip, {}, { left: items(['a', null, 'c']), right: items([1, 2, 3]) }))
    expect(pairs).toEqual([
      { left: 'a', right: 1 },
      { left: 'c', right: 3 },
    ])
  })

  it.each([
    [3, 5],
    [5, 3],
    [0, 2],
    [1, 0],
  ])('tells both lengths when they are %i and %i', async (left, right) => {
    const lists = { left: items(Array(left).fill('x')), right: items(Array(right).fill('x')) }
    const returned = await run(zip, {}, lists)
    await expect(each(returned)).rejects.toMatchObject({
      code: 'unequal-lengths',
      message: expect.stringContaining(`Left has ${left} items and right has ${right}`),
      details: { left, right },
    })
  })

  it('reads no further than it has paired', async () => {
    let read = 0
    const counted = async function* () {
      for (let position = 0; ; position += 1) {
        read += 1
        yield { path: [position], value: position }
      }
    }
    const returned = await run(zip, {}, { left: counted(), right: counted() })
    for await (const pair of returned.each as AsyncIterable<{ left: number }>) if (pair.left === 9) break
    expect(read).toBe(20)
  })

  it('closes both lists when nobody reads on', async () => {
    const closed: string[] = []
    const closing = async function* (name: string) {
      try {
        for (let position = 0; ; position += 1) yield { path: [position], value: name }
      } finally {
        closed.push(name)
      }
    }
    const returned = await run(zip, {}, { left: closing('left'), right: closing('right') })
    for await (const _ of returned.each as AsyncIterable<unknown>) break
    expect(closed).toEqual(['left', 'right'])
  })
})

describe('for-each', () => {
  it('takes documents and their like as they come', async () => {
    const list = [{ text: 'a', score: 1 }, { text: 'b' }]
    expect(await each(await run(forEach, { kind: 'document' }, { list }))).toEqual(list.map((item) => ({ item })))
  })

  it('names the item that is of another kind, before any is handed out', async () => {
    await expect(async () => run(forEach, { kind: 'text' }, { list: ['a', 2] })).rejects.toThrow(
      /^Item 2 of the list should be text but is the number 2\. /,
    )
    await expect(async () => run(forEach, {}, { list: { a: 1 } })).rejects.toThrow(
      /should be a list but is an object with a\. /,
    )
  })
})

describe('branch', () => {
  it('takes `else` when what it should test did not come, and never tests the value instead', async () => {
    const config = { cases: { bug: { contains: 'bug' } } }
    const node: AnyNode = branch
    const wired = contextFor(node, { config, inputs: { value: 'a bug' }, kinds: { value: 'text', on: 'text' } })
    expect(await node.run(wired)).toEqual({ else: 'a bug' })
  })
})

describe('merge', () => {
  it('passes on null and false, which are values', async () => {
    expect(await run(merge, {}, { values: [null, 'b'] })).toEqual({ value: null })
    expect(await run(merge, {}, { values: [undefined, false] })).toEqual({ value: false })
  })
})

describe('report', () => {
  it('counts items without a score as holes, not as zero', async () => {
    const scores = items([{ value: 1 }, null, { value: 0.5 }, { value: 0 }])
    expect(await run(report, {}, { scores })).toMatchObject({
      report: { n: 3, holes: 1, mean: 0.5, method: 'bootstrap', histogram: [1, 0, 0, 0, 0, 1, 0, 0, 0, 1] },
    })
  })

  it('counts who passed only if it was judged', async () => {
    const judged = await run(
      report,
      {},
      {
        scores: items([
          { value: 0.7, passed: true },
          { value: 0.2, passed: false },
        ]),
      },
    )
    expect(judged.report).toMatchObject({ passed: 1 })
    const plain = await run(report, {}, { scores: items([{ value: 1 }, { value: 0 }]) })
    expect(plain.report).not.toHaveProperty('passed')
  })

  it('says when every item failed', async () => {
    await expect(run(report, {}, { scores: items([null, null]) })).rejects.toThrow(
      /^All 2 items failed or were skipped, so/,
    )
  })
})
