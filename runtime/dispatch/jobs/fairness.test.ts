import { expect, it } from 'vitest'
import { createPlacement } from './place.ts'

it('serves tenants alike while all of them wait, each in order, however much one of them sends', () => {
  const placement = createPlacement()
  const tenants = 20
  for (let at = 0; at < 2_000; at += 1) {
    const tenant = at % 2 === 0 ? 't0' : `t${1 + (((at - 1) / 2) % (tenants - 1))}`
    const needs = { capability: 'train', gpus: at % 3 === 0 ? 1 : 0, memory: 0 }
    placement.put({ workspace: 'w', id: `${at}`, tenant, priority: 0, since: at, needs })
  }
  const workers = Array.from({ length: 50 }, (_, at) => ({ gpus: at % 4, memory: 1e9 }))
  const served = new Map<string, number>()
  const newest = new Map<string, number>()
  // Every tenant has 50 jobs or more, so all of them wait until 500 are served.
  for (let at = 0; at < 500; at += 1) {
    const has = workers[at % workers.length] as (typeof workers)[number]
    const job = placement.take({ workspace: 'w', capabilities: ['train'], ...has })
    if (!job) throw new Error('Nothing waits for this worker.')
    served.set(job.tenant, (served.get(job.tenant) ?? 0) + 1)
    const line = `${job.tenant}/${job.needs.gpus}`
    expect(job.since).toBeGreaterThan(newest.get(line) ?? -1)
    newest.set(line, job.since)
  }
  const counts = [...served.values()]
  const sum = counts.reduce((total, count) => total + count, 0)
  const jain = sum ** 2 / (tenants * counts.reduce((total, count) => total + count ** 2, 0))
  expect(jain).toBeGreaterThanOrEqual(0.95)
})
