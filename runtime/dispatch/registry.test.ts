import { describe, expect, test } from 'vitest'
import { chooseWorker, createWorkerRegistry, type WorkerEntry } from './registry.ts'

const worker = (id: string, models: string[], running = 0, waiting = 0): WorkerEntry => ({
  id,
  url: `http://${id}/v1`,
  token: id,
  models,
  running,
  waiting,
})

describe('choosing a worker', () => {
  test('takes one that has the model', () => {
    expect(chooseWorker([worker('a', ['x']), worker('b', ['y'])], 'y')?.id).toBe('b')
  })

  test('takes the one with the least work, waiting requests included', () => {
    const workers = [worker('a', ['x'], 2, 3), worker('b', ['x'], 4, 0), worker('c', ['x'], 5, 0)]
    expect(chooseWorker(workers, 'x')?.id).toBe('b')
  })

  test('finds none where none has the model', () => {
    expect(chooseWorker([worker('a', ['x'])], 'y')).toBeUndefined()
  })

  test('a registry forgets a worker that is removed', () => {
    const registry = createWorkerRegistry()
    registry.put(worker('a', ['x']))
    registry.put(worker('a', ['y']))
    expect(registry.list().map((w) => w.models)).toEqual([['y']])
    registry.remove('a')
    expect(registry.list()).toEqual([])
  })
})
