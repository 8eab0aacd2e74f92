import { uuidv7 } from 'uuidv7'
import type { Database } from '#runtime/store/database.ts'

/**
 * What a database can do at most with rows of this size: the same number of rows by bare prepared group commits, without
 * fences, ownership, events or reads. One insert per table and commit, all that wait in one statement, two in flight.
 */
export const openRawBound = async (database: Database) => {
  await database.query('create table if not exists bench_run (id uuid primary key, input json, output json)')
  await database.query(
    'create table if not exists bench_step (run uuid, node text, path int[], outputs json, seq int, primary key (run, node, path))',
  )
  const statement = `with runs as (
      insert into bench_run select * from json_to_recordset($1::text::json) as x(id uuid, input json, output json))
    insert into bench_step select * from json_to_recordset($2::text::json) as x(run uuid, node text, path int[], outputs json, seq int)`

  let waiting: { run: string; steps: string[]; done: () => void; failed: (error: unknown) => void }[] = []
  let flying = 0
  let scheduled = false
  const fly = async () => {
    scheduled = false
    if (flying >= 2 || waiting.length === 0) return
    const batch = waiting
    waiting = []
    flying += 1
    try {
      const runs = `[${batch.map((one) => one.run).join(',')}]`
      await database.query(statement, [runs, `[${batch.flatMap((one) => one.steps).join(',')}]`])
      for (const one of batch) one.done()
    } catch (error) {
      for (const one of batch) one.failed(error)
    }
    flying -= 1
    schedule()
  }
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => void fly())
  }
  /** Resolves when a run with so many steps is durable. */
  const commit = (steps: number, text: string): Promise<void> =>
    new Promise((done, failed) => {
      const id = uuidv7()
      const value = JSON.stringify({ text })
      const rows = Array.from(
        { length: steps },
        (_, at) => `{"run":"${id}","node":"n${at}","path":[],"outputs":${value},"seq":${at}}`,
      )
      waiting.push({ run: `{"id":"${id}","input":${value},"output":${value}}`, steps: rows, done, failed })
      schedule()
    })
  return {
    commit,
    committer: (steps: number, text: string) => () => commit(steps, text),
    drop: () => database.query('drop table bench_run, bench_step').then(() => undefined),
  }
}
