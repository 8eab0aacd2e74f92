import { setImmediate as tick } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelRun, claimRuns } from '#runtime/store/claim-runs.ts'
import type { Database } from '#runtime/store/database.ts'
import { readRun } from '#runtime/store/runs.ts'
import { readSourceRows, readStepRows } from '#runtime/store/step-rows.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { anEnd, aProcess, aSource, aStart, aStep } from '#tests/support/journal.ts'
import { findProjectionFaults } from '#tests/support/projection.ts'
import { unreliable } from '#tests/support/unreliable.ts'

eachDatabase('The fences', (on) => {
  let database: Database
  let self: Awaited<ReturnType<typeof aProcess>>
  beforeAll(async () => {
    database = await on.open()
    self = await aProcess(database)
  })
  afterAll(async () => {
    await self.stop()
    await database.close()
    await on.clean()
  })
  const stepsOf = (run: string) => readStepRows(database.query, run, self.artifacts)
  const recordOf = (run: string) => readRun(database.query, self.artifacts, 'local', run)
  const markDead = (process: string) =>
    database.query(`update server_node set alive = false where id = $1::text::uuid`, [process])

  test('a process that was declared dead can write nothing', async () => {
    const zombie = await aProcess(database)
    const before = aStart()
    await zombie.journal.start(before)
    zombie.journal.step(before.id, 1, aStep(1))
    await zombie.journal.durable(before.id)
    await markDead(zombie.ownership.process.id)
    const after = aStart()
    const started = zombie.journal.start(after)
    zombie.journal.step(before.id, 1, aStep(2))
    zombie.journal.source(before.id, 1, aSource(3))
    zombie.journal.end(before.id, 1, anEnd(4))
    await expect(started).rejects.toMatchObject({ code: 'fenced' })
    await expect(zombie.journal.durable(before.id)).rejects.toThrow('fenced')
    expect(zombie.refused).toContainEqual({ run: before.id, why: 'fenced' })
    expect(await stepsOf(before.id)).toHaveLength(1)
    expect(await readSourceRows(database.query, before.id, self.artifacts)).toEqual([])
    expect(await recordOf(before.id)).toMatchObject({ status: 'running' })
    expect(await recordOf(after.id)).toBeUndefined()
    await expect(zombie.journal.start(aStart())).rejects.toMatchObject({ code: 'fenced' })
    await zombie.stop()
  })

  test('a run that was claimed takes rows of its new epoch only, and its neighbours go on', async () => {
    const first = await aProcess(database)
    const [taken, kept] = [aStart(), aStart()]
    await Promise.all([first.journal.start(taken), first.journal.start(kept)])
    first.journal.step(taken.id, 1, aStep(1))
    await first.journal.durable(taken.id)
    // As a claim does, while the first process is still believed alive.
    await database.query(`update run set owner = $2::text::uuid, run_epoch = 2 where id = $1::text::uuid`, [
      taken.id,
      self.ownership.process.id,
    ])
    first.journal.step(taken.id, 1, aStep(2, { outputs: { text: 'stale' } }))
    first.journal.step(kept.id, 1, aStep(1))
    await expect(first.journal.durable(taken.id)).rejects.toThrow('lost-run')
    await first.journal.durable(kept.id)
    first.journal.end(taken.id, 1, anEnd(3))
    self.journal.step(taken.id, 2, aStep(2))
    self.journal.end(taken.id, 2, anEnd(3))
    await self.journal.durable(taken.id)
    expect(first.refused).toEqual([{ run: taken.id, why: 'lost-run' }])
    expect((await stepsOf(taken.id)).map((row) => row.outputs)).toEqual([{ text: 'out 1' }, { text: 'out 2' }])
    expect(await recordOf(taken.id)).toMatchObject({ status: 'succeeded' })
    expect(await stepsOf(kept.id)).toHaveLength(1)
    await first.stop()
  })

  test('a hand-over within one process fences as well: only the epoch tells', async () => {
    const start = aStart()
    await self.journal.start(start)
    await database.query(`update run set run_epoch = 2 where id = $1::text::uuid`, [start.id])
    self.journal.step(start.id, 1, aStep(1, { outputs: { text: 'stale' } }))
    self.journal.end(start.id, 1, anEnd(2))
    await expect(self.journal.durable(start.id)).rejects.toThrow('lost-run')
    expect(await stepsOf(start.id)).toEqual([])
    expect(await recordOf(start.id)).toMatchObject({ status: 'running' })
    self.journal.step(start.id, 2, aStep(1))
    await self.journal.durable(start.id)
    expect(await stepsOf(start.id)).toHaveLength(1)
  })

  test('a run that ended takes nothing more, not even from its owner', async () => {
    const start = aStart()
    await self.journal.start(start)
    self.journal.end(start.id, 1, anEnd(1))
    await self.journal.durable(start.id)
    self.journal.step(start.id, 1, aStep(2))
    self.journal.source(start.id, 1, aSource(3))
    await expect(self.journal.durable(start.id)).rejects.toThrow('lost-run')
    self.journal.end(start.id, 1, anEnd(4, { status: 'failed' }))
    expect(await stepsOf(start.id)).toEqual([])
    expect(await readSourceRows(database.query, start.id, self.artifacts)).toEqual([])
    expect(await recordOf(start.id)).toMatchObject({ status: 'succeeded' })
  })

  test('nothing is written to a run after it was cancelled', async () => {
    const start = aStart()
    await self.journal.start(start)
    expect(await cancelRun(database, 'local', start.id)).toBe(true)
    expect(await cancelRun(database, 'local', start.id)).toBe(false)
    self.journal.step(start.id, 1, aStep(1))
    self.journal.end(start.id, 1, anEnd(2))
    await expect(self.journal.durable(start.id)).rejects.toThrow('lost-run')
    expect(await stepsOf(start.id)).toEqual([])
    expect(await recordOf(start.id)).toMatchObject({ status: 'cancelled', output: null })
  })

  test('a second result of a step stops the run, the same one again does not', async () => {
    const start = aStart()
    await self.journal.start(start)
    const row = aStep(1)
    self.journal.step(start.id, 1, row)
    await self.journal.durable(start.id)
    self.journal.step(start.id, 1, row)
    await self.journal.durable(start.id)
    self.journal.step(start.id, 1, { ...row, outputs: { text: 'another' } })
    await expect(self.journal.durable(start.id)).rejects.toThrow('conflict')
    expect(self.refused).toContainEqual({ run: start.id, why: 'conflict' })
    expect((await stepsOf(start.id)).map((one) => one.outputs)).toEqual([{ text: 'out 1' }])
  })

  test('rows of a run never overtake each other, while other runs go on', async () => {
    const door = unreliable(database)
    const process = await aProcess(door.database)
    const [slow, other] = [aStart(), aStart()]
    await process.journal.start(slow)
    door.hold()
    process.journal.step(slow.id, 1, aStep(1))
    await tick()
    await tick()
    const held = door.sent()
    // The second flight is free, but these rows may not board it.
    process.journal.step(slow.id, 1, aStep(2))
    process.journal.end(slow.id, 1, anEnd(3))
    await tick()
    await tick()
    expect(door.sent()).toBe(held)
    const started = process.journal.start(other)
    await tick()
    await tick()
    expect(door.sent()).toBe(held + 1)
    door.release()
    await started
    await process.journal.durable(slow.id)
    expect((await stepsOf(slow.id)).map((row) => row.seq)).toEqual([1, 2])
    await process.stop()
  })

  test('a flush whose answer was lost is sent again and counts once', async () => {
    const door = unreliable(database)
    const process = await aProcess(door.database)
    const [whole, parts] = [aStart({ idempotency: { trigger: 't', key: 'lost', bodyDigest: 'b' } }), aStart()]
    door.loseAnswers(1)
    const started = process.journal.start(whole)
    process.journal.step(whole.id, 1, aStep(1))
    process.journal.end(whole.id, 1, anEnd(2))
    expect(await started).toEqual({ id: whole.id, epoch: 1, repeated: false })
    await process.journal.start(parts)
    door.loseAnswers(2)
    process.journal.step(parts.id, 1, aStep(1))
    process.journal.source(parts.id, 1, aSource(2))
    process.journal.end(parts.id, 1, anEnd(3))
    await process.journal.durable(parts.id)
    expect(process.refused).toEqual([])
    for (const run of [whole, parts]) {
      expect(await stepsOf(run.id)).toHaveLength(1)
      expect(await recordOf(run.id)).toMatchObject({ status: 'succeeded' })
    }
    await process.stop()
  })

  test('a result that the database cannot store fails its run alone', async () => {
    const runs = await Promise.all(Array.from({ length: 9 }, async () => (await self.journal.start(aStart())).id))
    const bad = runs[4] ?? ''
    for (const run of runs) self.journal.step(run, 1, aStep(1, run === bad ? { attempt: 100_000 } : {}))
    for (const run of runs)
      if (run === bad) await expect(self.journal.durable(run)).rejects.toThrow('bad-data')
      else await self.journal.durable(run)
    expect(self.refused).toContainEqual({ run: bad, why: 'bad-data' })
    for (const run of runs) {
      if (run === bad) continue
      self.journal.end(run, 1, anEnd(2))
      await self.journal.durable(run)
      expect(await stepsOf(run)).toHaveLength(1)
    }
    expect(await stepsOf(bad)).toEqual([])
    expect(await recordOf(bad)).toMatchObject({ status: 'failed', error: { code: 'bad-data' } })
  })

  test('a start that the database cannot store is refused alone', async () => {
    const [good, bad] = await Promise.allSettled([
      self.journal.start(aStart()),
      self.journal.start(aStart({ version: 2 ** 40 })),
    ])
    expect(good).toMatchObject({ status: 'fulfilled' })
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'bad-input' } })
  })

  test('a start is refused after 2 s without an answer, and the run that was written all the same is ended', async () => {
    const door = unreliable(database)
    const process = await aProcess(door.database)
    const start = aStart()
    door.hold()
    await expect(process.journal.start(start)).rejects.toMatchObject({ code: 'database-down', retryAfter: 2 })
    door.release()
    await process.journal.close()
    expect(await recordOf(start.id)).toMatchObject({ status: 'cancelled', error: { code: 'database-down' } })
    await process.artifacts.close()
  })

  test('such a run with a key is left for others to execute, so that its key leads to a run that works', async () => {
    const door = unreliable(database)
    const process = await aProcess(door.database)
    const start = aStart({ idempotency: { trigger: 'test', key: 'late', bodyDigest: 'd'.repeat(64) } })
    door.hold()
    await expect(process.journal.start(start)).rejects.toMatchObject({ code: 'database-down' })
    door.release()
    await expect.poll(() => recordOf(start.id), { timeout: 5_000 }).toMatchObject({ status: 'queued' })
    await process.journal.close()
    await process.artifacts.close()
  })

  test('cancelling beside flushes leaves a journal without a row after its end', async () => {
    const process = await aProcess(database)
    const starts = Array.from({ length: 12 }, () => aStart())
    await Promise.all(starts.map((start) => process.journal.start(start)))
    const write = async (run: string) => {
      for (let seq = 1; seq <= 30; seq++) {
        process.journal.step(run, 1, aStep(seq))
        if (seq % 3 === 0) await process.journal.durable(run)
      }
      process.journal.end(run, 1, anEnd(31))
      await process.journal.durable(run)
    }
    const written = Promise.allSettled(starts.map((start) => write(start.id)))
    const cancelled = await Promise.all(starts.slice(0, 8).map((start) => cancelRun(database, 'local', start.id)))
    await written
    expect(cancelled).toContain(true)
    const faults = await findProjectionFaults(database.query)
    expect(faults.filter((one) => starts.some((start) => start.id === one.id))).toEqual([])
    for (const [i, start] of starts.entries())
      expect((await recordOf(start.id))?.status).toBe(cancelled[i] ? 'cancelled' : 'succeeded')
    await process.stop()
  })

  test('claims come with everything that was journaled, under the next epoch', async () => {
    const dead = await aProcess(database)
    const start = aStart({
      pipeline: '01a20a87-072b-7dd3-8a76-6a7a8530a4b7',
      version: 3,
      files: { 'a.md': 'f'.repeat(64) },
    })
    await dead.journal.start(start)
    const [row, chunk] = [aStep(1, { outputs: { large: 'x'.repeat(70_000) } }), aSource(2)]
    dead.journal.step(start.id, 1, row)
    dead.journal.source(start.id, 1, chunk)
    await dead.journal.durable(start.id)
    await markDead(dead.ownership.process.id)
    const claimed = await claimRuns(database, dead.artifacts, self.ownership.process, 100)
    const mine = claimed.find((run) => run.id === start.id)
    expect(mine).toMatchObject({
      epoch: 2,
      request: start.request,
      steps: [row],
      sources: [chunk],
      seq: 2,
      recoveries: 1,
    })
    expect(await claimRuns(database, dead.artifacts, self.ownership.process, 100)).toEqual([])
    await dead.stop()
  })
})
