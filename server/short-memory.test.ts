import { expect, it } from 'vitest'
import { shortMemory } from './short-memory.ts'

const counting = () => {
  let time = 0
  const asked: string[] = []
  const memory = shortMemory(
    async (name: string) => {
      asked.push(name)
      return name === 'unknown' ? undefined : { name }
    },
    () => time,
  )
  return { ...memory, asked, pass: (ms: number) => (time += ms) }
}

it('asks once within two seconds', async () => {
  const { find, asked, pass } = counting()
  for (let call = 0; call < 5; call += 1) expect(await find('a')).toEqual({ name: 'a' })
  expect(asked).toEqual(['a'])
  pass(2_000)
  await find('a')
  expect(asked).toEqual(['a', 'a'])
})
it('never keeps that something is not there', async () => {
  const { find, asked } = counting()
  expect(await find('unknown')).toBeUndefined()
  await find('unknown')
  expect(asked).toHaveLength(2)
})
it('forgets when it is told to', async () => {
  const { find, forget, asked } = counting()
  await find('a')
  forget()
  await find('a')
  expect(asked).toHaveLength(2)
})
it('keeps nothing that was looked up while it was revoked', async () => {
  const answers: ((found: string) => void)[] = []
  const { find, forget } = shortMemory(() => new Promise<string>((resolve) => answers.push(resolve)))
  const first = find('a')
  forget()
  answers[0]?.('a')
  expect(await first).toBe('a')
  void find('a')
  expect(answers).toHaveLength(2)
})
