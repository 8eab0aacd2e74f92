import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { eachDatabase, type TestPlace } from '#tests/support/databases.ts'
import { findProjectionFaults } from '#tests/support/projection.ts'

type Said = { starts: Set<string>; steps: Map<string, number>; ends: Set<string> }

/** Starts the writer and kills it without warning once it has said `lines` lines; returns all that it had said. */
const killAfter = async (place: Awaited<ReturnType<TestPlace['place']>>, lines: number, said: Said): Promise<void> => {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('./journal-child.ts', import.meta.url)), JSON.stringify(place)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (!child.stdout) throw new Error('no pipe')
  const exited = once(child, 'exit')
  let count = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, run, seq] = line.split(' ')
    if (word === 'start' && run) said.starts.add(run)
    if (word === 'step' && run) said.steps.set(run, Number(seq))
    if (word === 'end' && run) said.ends.add(run)
    if (++count === lines) child.kill('SIGKILL')
  }
  await exited
}

/** Runs as the database has them: status and the seqs of their steps. */
const readAll = async (database: Database) => {
  const rows = await database.query<{ id: string; status: string; seqs: number[] }>(
    `select r.id, r.status, coalesce((select array_agg(s.seq order by s.seq) from run_step s where s.run_id = r.id), '{}') as seqs from run r`,
  )
  return new Map(rows.map((row) => [row.id, row]))
}

eachDatabase('After kill -9 of the writer', (on) => {
  afterAll(on.clean)

  test('everything that was acknowledged is there, and no journal has a gap', { timeout: 120_000 }, async () => {
    const place = await on.place()
    const said: Said = { starts: new Set(), steps: new Map(), ends: new Set() }
    for (const lines of [40, 333, 700]) await killAfter(place, lines, said)
    const database = await openDatabase(place)
    const runs = await readAll(database)
    const faults = await findProjectionFaults(database.query)
    await database.close()
    expect(faults).toEqual([])
    expect(said.starts.size).toBeGreaterThan(100)
    expect([...said.starts].filter((run) => !runs.has(run))).toEqual([])
    expect(
      [...said.ends].filter((run) => runs.get(run)?.status !== 'succeeded' || runs.get(run)?.seqs.length !== 5),
    ).toEqual([])
    expect([...said.steps].filter(([run, seq]) => (runs.get(run)?.seqs.length ?? 0) < seq)).toEqual([])
  })
})
