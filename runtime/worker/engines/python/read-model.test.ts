import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPythonModel } from './read-model.ts'

const adapter = mkdtempSync(join(tmpdir(), 'patchbay-adapter-'))
writeFileSync(join(adapter, 'adapter_config.json'), '{}')
afterAll(() => rmSync(adapter, { recursive: true }))

describe('a model for --python', () => {
  it('is called as its folder', () =>
    expect(readPythonModel('models/qwen/')).toEqual({ id: 'qwen', folder: resolve('models/qwen') }))
  it('has a name of its own, and adapters by theirs', () =>
    expect(readPythonModel(`models/qwen,name=mine,adapter=a=${adapter},adapter=tuned:b@1=${adapter}`)).toEqual({
      id: 'mine',
      folder: resolve('models/qwen'),
      adapters: { a: adapter, 'tuned:b@1': adapter },
    }))
  it.each([
    ['', /names no folder/],
    ['models/qwen,adapter=a', /"adapter=a" is not understood/],
    ['models/qwen,gpu=1', /"gpu=1" is not understood.*FOLDER/],
    ['models/qwen,name=', /"name=" is not understood/],
    ['models/qwen,adapter=a=/nowhere', /holds no adapter_config.json/],
  ])('is refused where it says %j', (text, reason) => expect(() => readPythonModel(text)).toThrow(reason))
})
