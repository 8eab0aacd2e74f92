import { expect, it } from 'vitest'
import { createDesired, mostDesired } from './desired.ts'

const model = (at: number) => ({ id: `tuned:m@${at}`, base: 'tiny', form: 'adapter' as const, files: [] })
const many = Array.from({ length: mostDesired }, (_, at) => model(at))
const open = () => {
  const desired = createDesired()
  for (const one of many) desired.want(one)
  return desired
}

it('lets the model go that was not used for longest, however long it has been there', () => {
  const desired = open()
  desired.used(model(0).id)
  desired.want(model(mostDesired))
  const ids = desired.list().map(({ id }) => id)
  expect(ids).toHaveLength(mostDesired)
  expect(ids).toContain(model(0).id)
  expect(ids).not.toContain(model(1).id)
})
it('keeps nothing that nobody asked for', () => {
  const desired = open()
  desired.used('tiny')
  expect(desired.list()).toEqual(many)
})
