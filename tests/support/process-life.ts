import { readFileSync } from 'node:fs'
import { isAlive } from './local-worker.ts'

/** Whether a process still does something: one that is dead but not yet reaped by its parent does not. */
export const isRunning = (pid: number): boolean => {
  if (!isAlive(pid)) return false
  try {
    // The state stands after the name, which is in brackets and may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] !== 'Z'
  } catch {
    return isAlive(pid)
  }
}

/** The processes that a log of JSON lines tells to have started, such as the worker and its engine. */
export const processesIn = (log: string): number[] =>
  log.split('\n').flatMap((line) => {
    try {
      const { pid } = JSON.parse(line) as { pid?: unknown }
      return typeof pid === 'number' ? [pid] : []
    } catch {
      return []
    }
  })
