import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { readEnvironment } from '../env.ts'
import { isMain } from '../is-main.ts'
import { buildEditor } from './build-editor.ts'

/**
 * Makes the empty database that the first start copies. Only a gain of time: a start without it makes one itself, so that
 * a failure here is no error.
 */
const makeTemplate = (): Promise<void> =>
  new Promise((resolve) => {
    const thread = new Worker(new URL('../../runtime/store/pglite/make-template.ts', import.meta.url), { execArgv: [] })
    thread.once('error', () => resolve())
    thread.once('exit', () => resolve())
  })

/** What a first start needs once, made at the same time: the editor's build and, for an embedded database, its beginning. */
export const prepare = async (environment: NodeJS.ProcessEnv, say?: (line: string) => void): Promise<void> => {
  const { data, databaseUrl } = readEnvironment(environment)
  const embedded = databaseUrl === undefined && !existsSync(join(data, 'pgdata'))
  await Promise.all([buildEditor(say), embedded && makeTemplate()])
}

if (isMain(import.meta.url)) {
  try {
    await prepare(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
