import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { DatabaseError } from '#runtime/store/database-error.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { readStepRows } from '#runtime/store/step-rows.ts'
import { anEnd, aProcess, aStart, aStep } from '#tests/support/journal.ts'
import { createDatabase } from '#tests/support/postgres.ts'
import { findProjectionFaults } from '#tests/support/projection.ts'

test('flushes go on when the server drops every connection, again and again', async () => {
  const url = await createDatabase(inject('postgresUrl'))
  const database = await openDatabase({ url })
  const other = await openDatabase({ url })
  const process = await aProcess(database)
  const drop = () =>
    other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
  let dropping = true
  const drops = (async () => {
    while (dropping) {
      await drop()
      await sleep(60)
    }
  })()
  const drive = async () => {
    const start = aStart()
    await process.journal.start(start)
    for (let seq = 1; seq <= 10; seq++) {
      process.journal.step(start.id, 1, aStep(seq))
      await process.journal.durable(start.id)
    }
    process.journal.end(start.id, 1, anEnd(11))
    await process.journal.durable(start.id)
    return start.id
  }
  const driven = Promise.all(Array.from({ length: 10 }, drive))
  const runs = await driven
  dropping = false
  await drops
  expect(process.refused).toEqual([])
  for (const run of runs) expect(await readStepRows(other.query, run, process.artifacts)).toHaveLength(10)
  expect(await findProjectionFaults(other.query)).toEqual([])
  await process.stop()
  await Promise.all([database.close(), other.close()])
})

test('a server that is not there is said to be lost within 2 s', async () => {
  const begun = performance.now()
  const opened = openDatabase({ url: 'postgres://patchbay@127.0.0.1:1/none' })
  await expect(opened).rejects.toBeInstanceOf(DatabaseError)
  await expect(opened).rejects.toMatchObject({ code: 'connection-lost' })
  expect(performance.now() - begun).toBeLessThan(4_000)
})

test('processes that start together on one server migrate it once', async () => {
  const url = await createDatabase(inject('postgresUrl'))
  const opened = await Promise.all(Array.from({ length: 6 }, () => openDatabase({ url })))
  const tags = await opened[0]?.query<{ tag: string }>('select tag from patchbay_migration order by tag')
  expect(tags?.map((row) => row.tag.slice(0, 4))).toEqual(['0000', '0001', '0002', '0003'])
  for (const one of opened) await one.close()
})
