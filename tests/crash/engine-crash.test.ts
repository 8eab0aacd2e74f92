import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { makePlan } from '#runtime/engine/make-plan.ts'
import { runOutput } from '#runtime/engine/output.ts'
import { fold } from '#runtime/engine/state.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { type DatabasePlace, openDatabase } from '#runtime/store/open-database.ts'
import { findRun } from '#runtime/store/runs.ts'
import { readSourceRows, readStepRows } from '#runtime/store/step-rows.ts'
import { eachDatabase } from '../support/databases.ts'
import { testRegistry } from '../support/test-nodes.ts'
import { crashPipeline, expected } from './crash-pipeline.ts'
import type { Order, Report } from './engine-process.ts'

type Child = {
  process: ChildProcess
  order: (order: Order) => void
  reports: Report[]
  until: (met: () => boolean) => Promise<void>
}

/** Starts a process with an engine and resolves when it answers. */
const spawnEngine = async (place: DatabasePlace, artifacts: string): Promise<Child> => {
  const process = fork(new URL('./engine-process.ts', import.meta.url).pathname, [JSON.stringify([place, artifacts])])
  const reports: Report[] = []
  const watchers = new Set<() => void>()
  process.on('message', (report: Report) => {
    reports.push(report)
    for (const look of watchers) look()
  })
  const until = (met: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!met()) return
        watchers.delete(look)
        resolve()
      }
      watchers.add(look)
      process.once('exit', () => (met() ? resolve() : reject(new Error('The process ended before.'))))
      look()
    })
  const child = { process, reports, until, order: (order: Order) => void process.send(order) }
  await until(() => reports.some((report) => 'ready' in report))
  return child
}

const kill = ({ process }: Child): Promise<void> =>
  new Promise((resolve) => {
    process.once('exit', () => resolve())
    process.kill('SIGKILL')
  })

const accepted = ({ reports }: Child) => reports.filter((report) => 'accepted' in report)

eachDatabase('Runs posted while their process is killed', (on) => {
  afterAll(on.clean)

  it('all reach their one end, with each step recorded once', { timeout: 120_000 }, async () => {
    const place = await on.place()
    const artifacts = await mkdtemp(join(tmpdir(), 'patchbay-crash-'))
    const first = await spawnEngine(place, artifacts)
    for (let x = 0; x < 40; x += 1) first.order({ start: x })
    const strike = 5 + Math.floor(Math.random() * 35)
    await first.until(() => accepted(first).length >= strike)
    await kill(first)
    const runs = accepted(first)
    expect(runs.length).toBeGreaterThanOrEqual(strike)

    // The second dies in the middle of recovering them.
    const second = await spawnEngine(place, artifacts)
    const half = runs.slice(0, runs.length >> 1)
    for (const { accepted: wait } of half) second.order({ wait })
    await second.until(() => second.reports.filter((report) => 'ended' in report).length >= half.length >> 1)
    await kill(second)

    const third = await spawnEngine(place, artifacts)
    for (const { accepted: wait } of runs) third.order({ wait })
    const ends = () => third.reports.filter((report) => 'ended' in report)
    await third.until(() => ends().length === runs.length)
    for (const { accepted: id, x } of runs) {
      expect(ends().find((end) => end.ended === id)).toMatchObject({ status: 'succeeded', output: expected(x).output })
    }
    third.order({ stop: true })
    await new Promise((resolve) => third.process.once('exit', resolve))

    const database = await openDatabase(place)
    for (const { accepted: id, x } of runs) {
      const rows = await database.query<{ node: string; path: number[] }>(
        'select node, path from run_step where run_id = $1::text::uuid',
        [id],
      )
      expect(rows).toHaveLength(expected(x).rows)
      expect(new Set(rows.map(({ node, path }) => `${node} ${path}`)).size).toBe(rows.length)
      for (const { id: node } of crashPipeline.nodes.filter(({ id }) => id !== 'i'))
        expect(rows.filter((row) => row.node === node)).toHaveLength(1)
    }
    // What a run says of itself is what its journal folds into.
    const plan = makePlan(crashPipeline, testRegistry(), true)
    const store = await openArtifacts(artifacts)
    for (const { accepted: id } of runs) {
      const steps = await readStepRows(database.query, id, store)
      const sources = await readSourceRows(database.query, id, store)
      const entries = [...sources.map((source) => ({ source })), ...steps.map((step) => ({ step }))]
      const state = fold(plan, entries)
      expect(runOutput(plan, state.root)).toEqual((await findRun(database.query, store, id))?.record.output)
    }
    const open = await database.query('select id, status from run where ended_at is null')
    expect(open).toEqual([])
    await database.close()
    await rm(artifacts, { recursive: true, force: true })
  })
})
