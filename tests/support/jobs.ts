import { uuidv7 } from 'uuidv7'
import type { NewJob } from '#runtime/store/jobs.ts'

/** A job as a fine-tuning step asks for it, under a key of its own. */
export const newJob = (of: Partial<NewJob> = {}): NewJob => ({
  workspace: 'local',
  key: uuidv7(),
  run: null,
  node: 'tune',
  kind: 'train',
  spec: { epochs: 1 },
  inputs: {},
  needs: { capability: 'train', gpus: 0, memory: 0 },
  tenant: 'a',
  ...of,
})
