import type { Database } from '#runtime/store/database.ts'
import type { StoredJob } from '#runtime/store/job-rows.ts'
import type { NewJob } from '#runtime/store/jobs.ts'

export type Made = StoredJob

/** A job of the kind `train` that any machine can do. */
export const newJob = (more: Partial<NewJob> = {}): NewJob => ({
  workspace: 'local',
  key: 'run/node',
  run: null,
  node: 'node',
  kind: 'train',
  spec: { epochs: 1 },
  inputs: {},
  needs: { capability: 'train', gpus: 0, memory: 0 },
  tenant: 'a',
  ...more,
})

/** Makes every lease look as if its worker had been silent for too long. */
export const passLeases = async (database: Database): Promise<void> => {
  await database.query(`update job set lease_until = now() - interval '1 second' where state = 'leased'`)
}
