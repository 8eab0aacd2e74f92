import { expect, it } from 'vitest'
import { startedRun } from './live-run.ts'
import { createLiveStore } from './live-store.ts'

/** A run that is on its way until it is told how its reading ended. */
const onItsWay = (id: string, number: number) => {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const read = () => promise.then(() => ({ run: startedRun(id, {}), number }))
  return { read, arrive: resolve, fail: () => reject(new Error('The connection broke.')) }
}

it('shows the run that was asked for last, whichever is read first', async () => {
  const live = createLiveStore()
  const [five, six] = [onItsWay('five', 5), onItsWay('six', 6)]
  const loads = [live.load(five.read), live.load(six.read)]
  six.arrive()
  five.arrive()
  await Promise.all(loads)
  expect(live.getState()).toMatchObject({ run: { id: 'six' }, number: 6 })
})

it('does not replace a run that was started meanwhile', async () => {
  const live = createLiveStore()
  const old = onItsWay('old', 1)
  const load = live.load(old.read)
  live.show(startedRun('new', {}))
  old.arrive()
  await load
  expect(live.getState().run?.id).toBe('new')
})

it('fails as the reading does, but only while nothing else was asked for', async () => {
  const live = createLiveStore()
  const [first, second] = [onItsWay('first', 1), onItsWay('second', 2)]
  const loads = Promise.allSettled([live.load(first.read), live.load(second.read)])
  first.fail()
  second.fail()
  expect((await loads).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(live.getState().run).toBeUndefined()
})

it('renews only the run that is shown', () => {
  const live = createLiveStore()
  live.show(startedRun('shown', {}), 3)
  live.renew({ run: { ...startedRun('other', {}), status: 'failed' }, number: 2 })
  expect(live.getState()).toMatchObject({ run: { id: 'shown' }, number: 3 })
  live.renew({ run: { ...startedRun('shown', {}), status: 'failed' }, number: 3 })
  expect(live.getState().run?.status).toBe('failed')
})
