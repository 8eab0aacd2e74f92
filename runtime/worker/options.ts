import { parseArgs } from 'node:util'
import { z } from 'zod'

const options = z.object({
  token: z
    .string({ error: 'Set PATCHBAY_WORKER_TOKEN to the token that callers must send.' })
    .min(16, 'PATCHBAY_WORKER_TOKEN is too short: give at least 16 characters.'),
  /** The folder with .gguf files. */
  models: z.string().optional(),
  host: z.string().default('127.0.0.1'),
  port: z.coerce.number().int().min(0).max(65_535).default(0),
})
export type WorkerOptions = z.infer<typeof options>

/** The token comes from the environment, where other users of the machine can not read it; the rest from arguments. */
export const readOptions = (args: string[], environment: NodeJS.ProcessEnv): WorkerOptions => {
  const { values } = parseArgs({
    args,
    options: { models: { type: 'string' }, host: { type: 'string' }, port: { type: 'string' } },
  })
  return options.parse({ ...values, token: environment['PATCHBAY_WORKER_TOKEN'] })
}
