/** A worker that can be called, and what is known of its load. */
export type WorkerEntry = {
  id: string
  /** Where its API answers, up to and including `/v1`. */
  url: string
  token: string
  /** Ids as the worker names them. */
  models: readonly string[]
  running: number
  waiting: number
}
export type WorkerRegistry = {
  put: (worker: WorkerEntry) => void
  remove: (id: string) => void
  list: () => readonly WorkerEntry[]
}

/** The workers that can be called now. */
export const createWorkerRegistry = (): WorkerRegistry => {
  const workers = new Map<string, WorkerEntry>()
  return {
    put: (worker) => void workers.set(worker.id, worker),
    remove: (id) => void workers.delete(id),
    list: () => [...workers.values()],
  }
}

/** The worker for a model: of those that have it, the one with the least work. Pure. */
export const chooseWorker = (workers: readonly WorkerEntry[], model: string): WorkerEntry | undefined =>
  workers
    .filter((worker) => worker.models.includes(model))
    .toSorted((a, b) => a.running + a.waiting - (b.running + b.waiting))[0]
