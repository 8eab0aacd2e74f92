import type { Database } from '#runtime/store/database.ts'
import { DatabaseError } from '#runtime/store/database-error.ts'

/** A real database with a door before it: statements can be held, and their answers lost on the way back. */
export const unreliable = (database: Database) => {
  let closed: Promise<void> | undefined
  let open = () => {}
  let losing = 0
  let refusing = 0
  let refusal = ''
  const seen: string[] = []
  const query: Database['query'] = async (sql, params) => {
    seen.push(sql)
    if (closed) await closed
    if (refusing > 0) {
      refusing--
      throw new DatabaseError(refusal, 'The database says no.')
    }
    const rows = await database.query(sql, params)
    if (losing > 0) {
      losing--
      throw new DatabaseError('connection-lost', 'The answer was lost.')
    }
    return rows as never
  }
  return {
    database: { ...database, query } satisfies Database,
    /** How many statements were sent. */
    sent: () => seen.length,
    hold: () => {
      closed = new Promise((resolve) => {
        open = resolve
      })
    },
    release: () => {
      closed = undefined
      open()
    },
    /** The next `count` statements are refused with this SQLSTATE. */
    refuse: (code: string, count: number) => {
      refusal = code
      refusing = count
    },
    /** The next `count` statements are carried out, and nobody learns of it. */
    loseAnswers: (count: number) => {
      losing = count
    },
  }
}
