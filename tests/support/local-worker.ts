import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { createLocalWorker, type LocalWorker } from '#runtime/dispatch/local-worker.ts'

export type LocalWorkerUnderTest = {
  worker: () => LocalWorker
  /** The folder for .gguf files. */
  folder: () => string
  /** Everything that was logged. */
  logged: { message: string; fields?: Record<string, unknown> }[]
  /** Process id of the llama engine that was loaded last. */
  enginePid: () => number
}

/** A real worker process of its own for the tests of one file, stopped at the end. */
export const withLocalWorker = (): LocalWorkerUnderTest => {
  const logged: LocalWorkerUnderTest['logged'] = []
  let folder = ''
  let worker: LocalWorker
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'patchbay-models-'))
    worker = createLocalWorker({
      models: folder,
      log: (_, message, fields) => logged.push({ message, ...(fields && { fields }) }),
    })
  })
  afterAll(async () => {
    await worker.stop()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    worker: () => worker,
    folder: () => folder,
    logged,
    enginePid: () => Number(logged.findLast(({ message }) => message === 'model loaded')?.fields?.['pid']),
  }
}

/** Whether a process of this id exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
