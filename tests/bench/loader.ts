import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Load, Told } from './load.ts'

export type Loader = { load: (load: Load) => Promise<Told>; stop: () => void }

/** Starts the load generator. A call that is not answered with 200 fails the bench. */
export const startLoader = (): Loader => {
  const child = fork(join(import.meta.dirname, 'load.ts'))
  return {
    load: (load) =>
      new Promise((resolve, reject) => {
        const gone = () => reject(new Error('The load generator ended. Look at its output above.'))
        child.once('exit', gone)
        child.once('message', (told: Told) => {
          child.off('exit', gone)
          if (told.failures.length > 0) reject(new Error(`Calls of the bench failed:\n${told.failures.join('\n')}`))
          else resolve(told)
        })
        child.send(load)
      }),
    stop: () => child.kill(),
  }
}
