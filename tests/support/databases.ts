import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import type { Database } from '#runtime/store/database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { createDatabase } from './postgres.ts'

export type TestPlace = {
  driver: Database['driver']
  /** A fresh place; `openDatabase` takes it, as often as a test wants to reopen. */
  place: () => Promise<{ url: string } | { folder: string }>
  /** An open database in a fresh place, or in memory where the driver can. */
  open: () => Promise<Database>
  /** Removes the places. */
  clean: () => Promise<void>
}

const onPostgres = (): TestPlace => {
  const place = async () => ({ url: await createDatabase(inject('postgresUrl')) })
  return { driver: 'postgres', place, open: async () => openDatabase(await place()), clean: async () => undefined }
}

const onPglite = (): TestPlace => {
  const folders: string[] = []
  return {
    driver: 'pglite',
    place: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'patchbay-test-'))
      folders.push(folder)
      return { folder }
    },
    open: () => openDatabase({ memory: true }),
    clean: async () => {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a suite against both databases. */
export const eachDatabase = (name: string, suite: (on: TestPlace) => void): void => {
  describe(`${name} on PostgreSQL`, () => suite(onPostgres()))
  describe(`${name} on PGlite`, () => suite(onPglite()))
}

/** Opens one database for the tests of a suite, and closes and removes it after them. */
export const openOnce = (on: TestPlace, opened: (database: Database) => void): void => {
  let database: Database
  beforeAll(async () => {
    database = await on.open()
    opened(database)
  })
  afterAll(async () => {
    await database.close()
    await on.clean()
  })
}
