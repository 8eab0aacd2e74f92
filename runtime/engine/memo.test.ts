import { describe, expect, it } from 'vitest'
import { createMemo } from './memo.ts'

describe('A memo', () => {
  it('builds once per key, also for those who ask meanwhile', async () => {
    const memo = createMemo()
    let built = 0
    const build = async () => ++built
    expect(await Promise.all([memo('a', build), memo('a', build)])).toEqual([1, 1])
    expect(await memo('a', build)).toBe(1)
    expect(await memo('b', build)).toBe(2)
  })

  it('lets go of what was used longest ago', async () => {
    const memo = createMemo(2)
    const built: string[] = []
    const use = (key: string) => memo(key, async () => built.push(key))
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await use(key)
    expect(built).toEqual(['a', 'b', 'c', 'b'])
  })

  it('does not keep failures', async () => {
    const memo = createMemo()
    await expect(memo('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await memo('a', async () => 'yes')).toBe('yes')
  })
})
