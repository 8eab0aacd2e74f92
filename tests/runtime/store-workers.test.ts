import { expect, it } from 'vitest'
import type { WorkerBeat, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import type { Database } from '#runtime/store/database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import {
  createEnrolment,
  createWorker,
  deleteWorker,
  drainWorker,
  findWorker,
  listWorkers,
  renewWorkerToken,
  saveBeat,
  saveOffer,
  spendEnrolment,
} from '#runtime/store/workers.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'

const sealer = openSealer({ key: 'k'.repeat(32), folder: '/nowhere', shared: true })
const offer: WorkerOffer = {
  name: 'rack-1',
  version: '0.1.0',
  url: 'http://127.0.0.1:9/v1',
  engineToken: 'an engine token of some length',
  engines: [{ kind: 'llama' }],
  devices: [],
  capabilities: ['chat'],
}
const beat: WorkerBeat = { state: 'ready', running: 1, waiting: 0, capacity: 4, freeMemory: 1e9, models: [], jobs: [] }

eachDatabase('Workers', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  it('get in by a token once, also when ten try at once', async () => {
    const { token } = await createEnrolment(database.query, 'local')
    const tries = await Promise.all(Array.from({ length: 10 }, () => spendEnrolment(database.query, token)))
    expect(tries.filter((workspace) => workspace === 'local')).toHaveLength(1)
    expect(await spendEnrolment(database.query, token)).toBeUndefined()
  })

  it('do not get in by a token that is too old', async () => {
    const { token } = await createEnrolment(database.query, 'local')
    await database.query(`update worker_enrolment set expires_at = now() - interval '1 second'`)
    expect(await spendEnrolment(database.query, token)).toBeUndefined()
  })

  it('are known by their token and no longer by an older one', async () => {
    const { id, token } = await createWorker(database.query, 'local', 'a')
    expect(await findWorker(database.query, token)).toEqual({ workspace: 'local', id })
    const next = await renewWorkerToken(database.query, 'local', id)
    expect(await findWorker(database.query, token)).toBeUndefined()
    expect(await findWorker(database.query, next)).toEqual({ workspace: 'local', id })
  })

  it('are listed with what they said last, their engine token sealed at rest', async () => {
    const { id } = await createWorker(database.query, 'w2', 'b')
    expect(await listWorkers(database.query, sealer, 'w2')).toMatchObject([
      { id, offer: null, beat: null, seenAt: null },
    ])
    await saveOffer(database.query, sealer, 'w2', id, offer)
    await saveBeat(database.query, 'w2', id, beat)
    await drainWorker(database.query, 'w2', id, true)
    const [listed] = await listWorkers(database.query, sealer, 'w2')
    const { engineToken, ...told } = offer
    expect(listed).toMatchObject({ name: 'rack-1', offer: told, engineToken, beat, drained: true })
    expect(listed?.silentFor).toBeLessThan(60_000)
    const [row] = await database.query(`select * from worker where id::text = $1`, [id])
    expect(JSON.stringify(row)).not.toContain(engineToken)
    expect(await deleteWorker(database.query, 'w2', id)).toBe(true)
    expect(await listWorkers(database.query, sealer, 'w2')).toEqual([])
  })
})
