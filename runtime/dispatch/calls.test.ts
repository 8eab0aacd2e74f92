import { expect, it } from 'vitest'
import { createCalls } from './calls.ts'

const open = () => {
  const calls = createCalls()
  const never = new AbortController().signal
  const poll = (after = '', full = false) => calls.poll('w', 1_000, never, { after, full })
  const ask = (body: string) => {
    const caller = new AbortController()
    const answer = calls.send('w', '/chat/completions', body, caller.signal)
    answer.catch(() => undefined)
    return { answer, leave: () => caller.abort(new Error('gone')) }
  }
  return { calls, poll, ask }
}
const idOf = (news: Awaited<ReturnType<ReturnType<typeof open>['poll']>>): string =>
  news && 'call' in news ? news.call : ''

it('hands a call out again that did not come through, and one that did never', async () => {
  const { poll, ask } = open()
  ask('one')
  const lost = await poll()
  expect(lost).toMatchObject({ body: 'one' })
  // The worker asks again and knows nothing of it.
  expect(await poll('')).toEqual(lost)
  ask('two')
  expect(await poll(idOf(lost))).toMatchObject({ body: 'two' })
})

it('tells a worker whose callers left before it began to answer, also one that has no room', async () => {
  const { calls, poll, ask } = open()
  const one = ask('one')
  const two = ask('two')
  const first = idOf(await poll())
  const second = idOf(await poll(first))
  const news = poll(second, true)
  one.leave()
  expect(await news).toEqual({ gone: [first] })
  await expect(one.answer).rejects.toThrow('gone')
  // Whoever has begun to hear an answer leaves by closing it.
  expect(await calls.answer('w', second, { status: 200, headers: {}, body: null })).toBe(true)
  two.leave()
  ask('three')
  expect(await poll(second)).toMatchObject({ body: 'three' })
})

it('ends a poll that a later one of the same worker replaces', async () => {
  const { poll, ask } = open()
  const dead = poll()
  const living = poll()
  expect(await dead).toBeUndefined()
  ask('one')
  expect(await living).toMatchObject({ body: 'one' })
})
