import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Whether this module is what Node was started with (`import.meta.main` begins with Node 24.2). */
export const isMain = (url: string): boolean =>
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url)
