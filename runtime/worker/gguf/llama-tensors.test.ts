import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ggufName, interleaveHeads } from './llama-tensors.ts'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
const angle = (pair: number, dim: number, position: number) => position * 10_000 ** ((-2 * pair) / dim)

/** As transformers rotates a head: number i with number i + dim / 2. */
const rotateHalves = (head: ArrayLike<number>, position: number): number[] => {
  const half = head.length / 2
  return Array.from(head, (value, i) => {
    const turn = angle(i % half, head.length, position)
    const other = i < half ? -(head[i + half] ?? 0) : (head[i - half] ?? 0)
    return value * Math.cos(turn) + other * Math.sin(turn)
  })
}
/** As llama.cpp rotates a head: number 2i with number 2i + 1. */
const rotatePairs = (head: ArrayLike<number>, position: number): number[] =>
  Array.from(head, (value, i) => {
    const turn = angle(Math.floor(i / 2), head.length, position)
    const other = i % 2 === 0 ? -(head[i + 1] ?? 0) : (head[i - 1] ?? 0)
    return value * Math.cos(turn) + other * Math.sin(turn)
  })

const vector = (length: number) =>
  fc
    .array(fc.integer({ min: -100, max: 100 }), { minLength: length, maxLength: length })
    .map((v) => Float32Array.from(v))

describe('rows of rotated heads', () => {
  test('stand side by side where transformers keeps them apart', () => {
    const rows = Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13)
    expect([...interleaveHeads(rows, [8, 1], 2)]).toEqual([0, 2, 1, 3, 10, 12, 11, 13])
  })

  test('move whole, with all their columns', () => {
    const rows = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3)
    expect([...interleaveHeads(rows, [4, 2], 1)]).toEqual([0, 0, 2, 2, 1, 1, 3, 3])
  })

  test('give the same attention under both rotations, whatever the positions', () => {
    fc.assert(
      fc.property(vector(8), vector(8), fc.nat(500), fc.nat(500), (query, key, at, from) => {
        const theirs = dot(rotateHalves(query, at), rotateHalves(key, from))
        const [q, k] = [interleaveHeads(query, [8, 1], 1), interleaveHeads(key, [8, 1], 1)]
        expect(dot(rotatePairs(q, at), rotatePairs(k, from))).toBeCloseTo(theirs, 3)
      }),
    )
  })
})

describe('names of weights', () => {
  test.each([
    ['model.layers.3.self_attn.q_proj.weight', 'blk.3.attn_q.weight'],
    ['base_model.model.model.layers.0.mlp.down_proj', 'blk.0.ffn_down.weight'],
    ['model.embed_tokens.weight', 'token_embd.weight'],
    ['model.norm.weight', 'output_norm.weight'],
    ['lm_head.weight', 'output.weight'],
  ])('%s is %s', (name, expected) => expect(ggufName(name)).toBe(expected))

  test('of other models are refused', () => {
    expect(() => ggufName('model.layers.0.block_sparse_moe.gate.weight')).toThrow('Llama')
  })
})
