import { z } from 'zod'
import { type TrainMessage, trainMessage } from '../trainer/protocol.ts'

/** A line of patchbay_ray/train.py: files are in the worker's own folder, or on the server. */
const rayFiles = z.object({
  type: z.literal('ray-files'),
  of: z.enum(['checkpoint', 'model']),
  step: z.int(),
  folder: z.string().optional(),
  files: z.record(z.string().regex(/^\w[\w.-]*$/), z.object({ sha256: z.string(), bytes: z.number() })).optional(),
})
export type RayFiles = z.infer<typeof rayFiles>
/** What only the entrypoint says; the codes of the trainer are its own. */
const entryError = z.object({ type: z.literal('train-error'), code: z.string(), message: z.string() })
export type EntryError = z.infer<typeof entryError>

/** A line of a job's log; undefined for what libraries and Ray itself write into it. */
export const readLine = (line: string): TrainMessage | RayFiles | EntryError | undefined => {
  if (!line.startsWith('{"type"')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    for (const schema of [trainMessage, rayFiles, entryError]) {
      const read = schema.safeParse(value)
      if (read.success) return read.data
    }
  } catch {
    // Two processes may write into one line.
  }
  return undefined
}
