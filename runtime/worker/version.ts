import { readFileSync } from 'node:fs'

/** The version of Patchbay that this worker is of. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
