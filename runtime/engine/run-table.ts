import type { ActiveRun } from './active-run.ts'

/** The runs in the memory of this process, and the places for more. */
export type RunTable = {
  get: (id: string) => ActiveRun | undefined
  all: () => ActiveRun[]
  /** Places not taken, by runs or by starts under way. */
  free: () => number
  /** Takes a place before its run exists. */
  reserve: () => void
  /** Gives a place back. */
  release: () => void
  /** Puts a run into a place that was reserved. */
  add: (run: ActiveRun) => void
  /** False when another run, or none, is there under this id. */
  remove: (run: ActiveRun) => boolean
}

export const createRunTable = (places: number): RunTable => {
  const runs = new Map<string, ActiveRun>()
  let taken = 0
  return {
    get: (id) => runs.get(id),
    all: () => [...runs.values()],
    free: () => places - taken,
    reserve: () => {
      taken += 1
    },
    release: () => {
      taken -= 1
    },
    add: (run) => {
      // A run that was lost and claimed again; the place of the one before is free.
      if (runs.has(run.id)) taken -= 1
      runs.set(run.id, run)
    },
    remove: (run) => {
      if (runs.get(run.id) !== run) return false
      taken -= 1
      return runs.delete(run.id)
    },
  }
}
