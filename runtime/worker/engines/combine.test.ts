import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyFile } from '../models.ts'
import { combineEngines } from './combine.ts'
import type { Engine } from './engine.ts'
import { createLlamaEngine } from './llama/engine.ts'

const signal = () => AbortSignal.timeout(30_000)
const asked = (model: string) => ({
  model,
  messages: [{ role: 'user' as const, content: 'Repeat this text: bako zan' }],
  temperature: 0,
  stop: [],
})
const stateOf = async (engine: Engine, id: string) => (await engine.models()).find((model) => model.id === id)?.state

/** Two real engines; both have `tiny`, and one model each that the other has not. */
describe('engines as one', () => {
  let folder = ''
  let first: Engine
  let second: Engine
  let both: Engine
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-combine-'))
    const engineWith = async (name: string) => {
      const own = await mkdtemp(join(folder, 'models-'))
      await symlink(tinyFile, join(own, name))
      return createLlamaEngine({ folder: own, log: () => undefined })
    }
    first = await engineWith('first.gguf')
    second = await engineWith('second.gguf')
    both = combineEngines([first, second])
  })
  afterAll(async () => {
    await both.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const answer = async (model: string) => {
    let text = ''
    for await (const piece of both.generate(asked(model), signal())) if (piece.type === 'text') text += piece.text
    return text
  }

  it('list each model once', async () =>
    expect((await both.models()).map(({ id }) => id).toSorted()).toEqual(['first.gguf', 'second.gguf', 'tiny']))

  it('answer for the one that lists the model, and start no other', async () => {
    expect(both.kvUse()).toBeUndefined()
    expect(await answer('second.gguf')).toBe('bako zan')
    expect(await stateOf(second, 'second.gguf')).toBe('ready')
    expect((await first.models()).map(({ state }) => state)).toEqual(['unloaded', 'unloaded'])
    expect((await both.embed({ model: 'second.gguf', input: ['one'] }, signal())).vectors).toHaveLength(1)
    expect(both.kvUse()).toBe(second.kvUse())
  })

  it('give a name that both have to the first, and tell its state', async () => {
    expect(await answer('tiny')).toBe('bako zan')
    expect([await stateOf(first, 'tiny'), await stateOf(second, 'tiny')]).toEqual(['ready', 'unloaded'])
    expect(await stateOf(both, 'tiny')).toBe('ready')
  })

  it('name all that there is where a model is unknown', async () => {
    const unknown = { code: 'model_not_found', message: expect.stringMatching(/first\.gguf.*second\.gguf/) }
    await expect(answer('third.gguf')).rejects.toMatchObject(unknown)
    await expect(both.embed({ model: 'third.gguf', input: ['one'] }, signal())).rejects.toMatchObject(unknown)
  })

  it('have the capacity of all, and no answer of a server where none is behind them', async () => {
    expect(both.capacity()).toBe(first.capacity() + second.capacity())
    const call = { path: '/chat/completions' as const, model: 'tiny', body: '{}' }
    expect(await both.proxy?.(call, signal())).toBeUndefined()
  })
})
