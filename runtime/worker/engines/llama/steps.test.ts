import { expect, it } from 'vitest'
import { createSteps, type Member } from './steps.ts'

/** Members that write down when they may go on. */
const scene = () => {
  const steps = createSteps()
  const went: string[] = []
  const join = (name: string) => {
    const member = steps.join()
    return { ...member, wait: () => void member.together().then(() => went.push(name)) }
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  return { went, join, settled }
}

it('lets one alone go on at once', async () => {
  const { went, join, settled } = scene()
  const one = join('one')
  one.wait()
  await settled()
  one.wait()
  await settled()
  expect(went).toEqual(['one', 'one'])
})
it('lets several go on when all of them wait', async () => {
  const { went, join, settled } = scene()
  const [one, two] = [join('one'), join('two')]
  one.wait()
  await settled()
  expect(went).toEqual([])
  two.wait()
  await settled()
  expect(went).toEqual(['one', 'two'])
})
it('waits no more for one that left, however often it says so', async () => {
  const { went, join, settled } = scene()
  const members = [join('one'), join('two'), join('three')] as const
  members[0].wait()
  members[1].wait()
  members[2].leave()
  members[2].leave()
  await settled()
  expect(went).toEqual(['one', 'two'])
  members[0].wait()
  await settled()
  expect(went).toHaveLength(2)
})
it('waits for one that joined meanwhile', async () => {
  const { went, join, settled } = scene()
  const one = join('one')
  const two: Member = join('two')
  one.wait()
  const three = join('three')
  two.leave()
  await settled()
  expect(went).toEqual([])
  three.wait()
  await settled()
  expect(went).toEqual(['one', 'three'])
})
