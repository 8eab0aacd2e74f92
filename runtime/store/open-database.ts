import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openPglite } from './pglite/open.ts'
import { openPostgres } from './postgres.ts'

export type DatabasePlace = { url: string } | { folder: string } | { memory: true }

/** Opens a database and brings its tables up to date. */
const opened = async (database: Database): Promise<Database> => {
  try {
    await migrate(database)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Opens the store: a PostgreSQL server by URL, PGlite in a folder that this process alone may open, or PGlite in memory.
 * The tables are there when it resolves.
 * @example const database = await openDatabase({ folder: '.patchbay' })
 */
export const openDatabase = async (place: DatabasePlace): Promise<Database> =>
  opened(
    'url' in place
      ? openPostgres(place.url)
      : 'folder' in place
        ? await openPglite(place.folder)
        : await openPglite(null),
  )
