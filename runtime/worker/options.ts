import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535).default(0)
const address = z
  .url({ protocol: /^https?$/, error: 'is not an address such as http://127.0.0.1:4747' })
  .transform((text) => text.replace(/\/+$/, ''))
const common = {
  /** The folder with .gguf files, and with folders of safetensors to train from. */
  models: z.string().optional(),
  /** The worker's own folder: its identity, downloaded models, jobs in work. */
  data: z.string().optional(),
  host: z.string().default('127.0.0.1'),
  port,
  /** Bytes that downloaded models may take on disk. */
  disk: z.coerce
    .number({ error: 'is not a number of gigabytes' })
    .min(0)
    .default(50)
    .transform((gigabytes) => gigabytes * 1e9),
  /** Addresses of servers whose models this worker serves, as readExternal takes them. */
  external: z.array(z.string()).default([]),
  /** Models in transformers' form that this worker serves through Python, as readPythonModel takes them. */
  python: z.array(z.string()).default([]),
  /** The dashboard of a Ray cluster that trains in place of this machine. */
  ray: address.optional(),
  /** GPUs of a training there. */
  rayGpus: z.coerce.number({ error: 'is not a number' }).int().min(0).max(64).default(0),
  /** Jobs at the same time. */
  slots: z.coerce.number({ error: 'is not a number' }).int().min(0).max(64).default(1),
}
/** Started by a server, or a command line, on the same machine, which holds the other end of stdin. */
const held = z.object({
  ...common,
  engineToken: z.string().min(16, 'PATCHBAY_WORKER_TOKEN is too short: give at least 16 characters.'),
  server: address.optional(),
  key: z.string().optional(),
})
/** Started by a person with `npm run worker`. */
const free = z.object({
  ...common,
  server: z
    .string({ error: 'Give --server, the address of your Patchbay, such as https://patchbay.example.com' })
    .pipe(address),
  /** One-time, for the enrolment. */
  token: z.string().optional(),
  name: z.string().trim().min(1).max(100),
  /** Where the server reaches this worker, up to and including /v1. */
  url: address.optional(),
  data: z.string(),
})
export type WorkerOptions = ({ held: true } & z.infer<typeof held>) | ({ held: false } & z.infer<typeof free>)

const arguments_ = {
  models: { type: 'string' },
  data: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  disk: { type: 'string' },
  slots: { type: 'string' },
  server: { type: 'string' },
  token: { type: 'string' },
  name: { type: 'string' },
  url: { type: 'string' },
  external: { type: 'string', multiple: true },
  python: { type: 'string', multiple: true },
  ray: { type: 'string' },
  'ray-gpus': { type: 'string' },
} as const

const parse = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const message = issue?.message ?? 'cannot be read'
  // Sentences of our own stand alone; what zod says needs the option's name.
  throw new Error(/^[A-Z]/.test(message) && message.endsWith('.') ? message : `--${issue?.path.join('.')}: ${message}`)
}

/**
 * What the worker was started with. Tokens of a held worker come from the environment, where other users of the machine can
 * not read them; a one-time token may too (`PATCHBAY_WORKER_ENROL`).
 */
export const readOptions = (args: string[], environment: NodeJS.ProcessEnv): WorkerOptions => {
  const { 'ray-gpus': rayGpus, ...values } = parseArgs({ args, options: arguments_ }).values
  const engineToken = environment['PATCHBAY_WORKER_TOKEN']
  if (engineToken !== undefined)
    return {
      held: true,
      ...parse(held, {
        ...values,
        rayGpus,
        engineToken,
        server: environment['PATCHBAY_WORKER_SERVER'],
        key: environment['PATCHBAY_WORKER_KEY'],
      }),
    }
  // Absolute: the trainer runs in a folder of its own.
  const data = resolve(values.data ?? join('.patchbay', 'worker'))
  return {
    held: false,
    ...parse(free, {
      ...values,
      rayGpus,
      data,
      models: resolve(values.models ?? join(data, 'models')),
      server: values.server ?? environment['PATCHBAY_WORKER_SERVER'],
      token: values.token ?? environment['PATCHBAY_WORKER_ENROL'],
      name: values.name ?? hostname(),
    }),
  }
}
