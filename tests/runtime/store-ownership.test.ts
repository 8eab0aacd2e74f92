import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRun, claimRuns, findLost, handBack } from '#runtime/store/claim-runs.ts'
import type { Database } from '#runtime/store/database.ts'
import { readRun } from '#runtime/store/runs.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { anEnd, aProcess, aStart, aStep } from '#tests/support/journal.ts'

eachDatabase('Ownership', (on) => {
  let database: Database
  let self: Awaited<ReturnType<typeof aProcess>>
  let dead: string[] = []
  beforeAll(async () => {
    database = await on.open()
    self = await aProcess(database, { onDead: (processes) => dead.push(...processes) })
  })
  afterAll(async () => {
    await self.stop()
    await database.close()
    await on.clean()
  })
  const statusOf = async (run: string) => (await readRun(database.query, self.artifacts, 'local', run))?.status
  const claim = (most = 100) => claimRuns(database, self.artifacts, self.ownership.process, most)
  /** As if a process had sent no heartbeat for a while, in the database's time. */
  const silence = (process: string, seconds: number) =>
    database.query(`update server_beat set at = now() - $2::int * interval '1 s' where id = $1::text::uuid`, [
      process,
      seconds,
    ])

  test('a process that is silent for a lease is declared dead, one that beats is not', async () => {
    const [silent, lively] = [await aProcess(database), await aProcess(database)]
    dead = []
    await silence(silent.ownership.process.id, 9)
    await silence(lively.ownership.process.id, 7)
    await self.ownership.tick()
    expect(dead).toEqual([silent.ownership.process.id])
    let lost = 0
    silent.ownership.onLost(() => lost++)
    await silent.ownership.tick()
    await silent.ownership.tick()
    expect(lost).toBe(1)
    expect(silent.ownership.holds()).toBe(false)
    await silence(lively.ownership.process.id, 7)
    await lively.ownership.tick()
    await silence(self.ownership.process.id, 0)
    expect(lively.ownership.holds()).toBe(true)
    await Promise.all([silent.stop(), lively.stop()])
  })

  test('the lease ends by the own clock, before anybody else says so', async () => {
    let now = 0
    const process = await aProcess(database, { now: () => now })
    now = 7_999
    expect(process.ownership.holds()).toBe(true)
    now = 8_000
    expect(process.ownership.holds()).toBe(false)
    await process.ownership.tick()
    expect(process.ownership.holds()).toBe(true)
    await process.ownership.release()
    expect(process.ownership.holds()).toBe(false)
    await process.stop()
  })

  test('where no other process can be alive, all others are dead at once', async () => {
    const before = await aProcess(database)
    const start = aStart()
    await before.journal.start(start)
    const found: string[] = []
    const after = await aProcess(database, { alone: true, onDead: (processes) => found.push(...processes) })
    expect(found).toContain(before.ownership.process.id)
    const claimed = await claimRuns(database, after.artifacts, after.ownership.process, 100)
    expect(claimed.map((run) => run.id)).toContain(start.id)
    await Promise.all([before.stop(), after.stop()])
    // This suite's own process was declared dead with the others.
    self = await aProcess(database, { onDead: (processes) => dead.push(...processes) })
  })

  test('two claimers share the runs of a dead process and none is claimed twice', async () => {
    const [gone, other] = [await aProcess(database), await aProcess(database)]
    const starts = Array.from({ length: 40 }, () => aStart())
    await Promise.all(starts.map((start) => gone.journal.start(start)))
    await silence(gone.ownership.process.id, 60)
    await self.ownership.tick()
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        claimRuns(database, self.artifacts, (i % 2 ? self : other).ownership.process, 10),
      ),
    )
    const rest = await claim()
    const ids = [...claims.flat(), ...rest].map((run) => run.id)
    expect(ids.toSorted()).toEqual(starts.map((start) => start.id).toSorted())
    await Promise.all([gone.stop(), other.stop()])
  })

  test('queued runs are claimed by priority, then age, as many as asked for', async () => {
    const queued = { queued: true as const }
    const [first, second, urgent] = [aStart({}, queued), aStart({}, queued), aStart({}, { ...queued, priority: 5 })]
    await Promise.all([second, urgent, first].map((start) => self.journal.start(start)))
    expect(await statusOf(first.id)).toBe('queued')
    expect((await claim(2)).map((run) => run.id)).toEqual([urgent.id, first.id])
    const [last] = await claim(2)
    expect(last).toMatchObject({ id: second.id, epoch: 1, recoveries: 0 })
    expect(await statusOf(second.id)).toBe('running')
    self.journal.end(second.id, 1, anEnd(1))
    await self.journal.durable(second.id)
    expect(await statusOf(second.id)).toBe('succeeded')
  })

  test('take-overs count only with a step in flight, and progress starts the count anew', async () => {
    const start = aStart()
    let process = await aProcess(database)
    await process.journal.start(start)
    const crash = async (idle: boolean) => {
      const id = process.ownership.process.id
      if (idle)
        await database.query(`update server_beat set idle = array[$2::text::uuid] where id = $1::text::uuid`, [
          id,
          start.id,
        ])
      await silence(id, 60)
      await self.ownership.tick()
      await process.stop()
      process = await aProcess(database)
      const claimed = await claimRuns(database, process.artifacts, process.ownership.process, 100)
      return claimed.find((run) => run.id === start.id)
    }
    expect(await crash(false)).toMatchObject({ epoch: 2, recoveries: 1 })
    expect(await crash(true)).toMatchObject({ epoch: 3, recoveries: 1 })
    expect(await crash(false)).toMatchObject({ epoch: 4, recoveries: 2 })
    process.journal.step(start.id, 4, aStep(1))
    await process.journal.durable(start.id)
    expect(await crash(false)).toMatchObject({ epoch: 5, recoveries: 1 })
    await process.stop()
  })

  test('a process hands back what it cannot finish, and hears what it lost', async () => {
    const [kept, handed, cancelled] = [aStart(), aStart(), aStart()]
    await Promise.all([kept, handed, cancelled].map((start) => self.journal.start(start)))
    await handBack(database, self.ownership.process, [handed.id])
    await cancelRun(database, 'local', cancelled.id)
    const lost = await findLost(database, self.ownership.process, [kept.id, handed.id, cancelled.id])
    expect(lost.toSorted()).toEqual([handed.id, cancelled.id].toSorted())
    expect(await claim()).toMatchObject([{ id: handed.id, epoch: 3, recoveries: 0 }])
  })

  test('cancelling reaches queued and running runs, keeps their usage and tells the owner', async () => {
    const [queued, running] = [aStart({}, { queued: true }), aStart()]
    await Promise.all([queued, running].map((start) => self.journal.start(start)))
    self.journal.step(running.id, 1, aStep(1, { usage: { inputTokens: 5, outputTokens: 7 } }))
    await self.journal.durable(running.id)
    const told: string[] = []
    let heard = () => {}
    const both = new Promise<void>((resolve) => {
      heard = () => told.length === 2 && resolve()
    })
    const stop = await database.listen('patchbay_cancel', (run) => {
      told.push(run)
      heard()
    })
    expect(await cancelRun(database, 'elsewhere', running.id)).toBe(false)
    expect(await cancelRun(database, 'local', queued.id)).toBe(true)
    expect(await cancelRun(database, 'local', running.id)).toBe(true)
    await both
    await stop()
    expect(told).toEqual([queued.id, running.id])
    expect(await readRun(database.query, self.artifacts, 'local', running.id)).toMatchObject({
      status: 'cancelled',
      usage: { inputTokens: 5, outputTokens: 7 },
    })
    expect(await claim()).toEqual([])
  })
})
