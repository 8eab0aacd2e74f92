import { expect, it } from 'vitest'
import { createViewStore } from './view-store.ts'

it('keeps the other half of the selection as it is by now, when nodes and edges are told one after the other', () => {
  const view = createViewStore()
  view.select(['a'])
  view.pick('nodes', new Map([['a', false]]))
  view.pick('edges', new Map([['a.out b.in', true]]))
  expect([...view.getState().nodes]).toEqual([])
  expect([...view.getState().edges]).toEqual(['a.out b.in'])
  view.pick('nodes', new Map([['b', true]]))
  expect([...view.getState().nodes]).toEqual(['b'])
  expect([...view.getState().edges]).toEqual(['a.out b.in'])
})
