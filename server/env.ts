import { resolve } from 'node:path'
import { z } from 'zod'

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)
const flag = z.string().transform((text) => text === '1' || text === 'true')

const count = z.coerce.number().int().min(1)
const seconds = z.coerce.number().positive().max(86_400)

const schema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4747),
  PATCHBAY_DATA: z.string().min(1).default('.patchbay'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional(),
  PATCHBAY_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  PATCHBAY_RUNS: z.coerce.number().int().min(1).max(100_000).default(500),
  PATCHBAY_MODEL_CONCURRENCY: count.optional(),
  PATCHBAY_TENANT_CONCURRENCY: count.optional(),
  PATCHBAY_TENANT_RATE: count.optional(),
  PATCHBAY_FIRST_BYTE: seconds.optional(),
  PATCHBAY_HEDGE_AFTER: seconds.optional(),
  PATCHBAY_ADMIN_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  PATCHBAY_HOSTS: list.default([]),
  PATCHBAY_ORIGINS: list.default([]),
  NO_OPEN: flag.default(false),
})

/** The settings of one server process, parsed once at its start. */
export type Settings = {
  host: string
  port: number
  /** An absolute path: child processes have folders of their own. */
  data: string
  databaseUrl?: string
  /** Seals secrets; without it a key file in `data` does. */
  key?: string
  /** Runs in memory at once. */
  runs: number
  /** Requests to models at once, and a minute: of one model, of one tenant. */
  limits: { modelConcurrency?: number; tenantConcurrency?: number; tenantRate?: number }
  /** How long a worker's answer may take to begin, and after how long a second worker is asked as well, in ms. */
  begin: { firstByte?: number; hedgeAfter?: number }
  adminToken?: string
  /** Names beside the loopback ones under which this server may be addressed. */
  hosts: readonly string[]
  /** Web origins beside the server's own whose pages may call it. */
  origins: readonly string[]
  open: boolean
}

/** The environment has a value that the server cannot start with. The message names every one. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

/**
 * Reads the fixed set of environment variables; an empty value counts as unset.
 * @throws EnvironmentError
 * @example const settings = readEnvironment(process.env)
 */
export const readEnvironment = (env: Record<string, string | undefined>): Settings => {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
    throw new EnvironmentError(`The environment has values that cannot be used:\n${lines.join('\n')}`)
  }
  const of = parsed.data
  if (!isLoopback(of.HOST) && of.PATCHBAY_ADMIN_TOKEN === undefined) {
    throw new EnvironmentError(
      `HOST=${of.HOST} lets other machines in. Set PATCHBAY_ADMIN_TOKEN (16 characters or more) first, or leave HOST at 127.0.0.1.`,
    )
  }
  return {
    host: of.HOST,
    port: of.PORT,
    data: resolve(of.PATCHBAY_DATA),
    runs: of.PATCHBAY_RUNS,
    hosts: of.PATCHBAY_HOSTS,
    origins: of.PATCHBAY_ORIGINS,
    open: !of.NO_OPEN,
    limits: {
      ...(of.PATCHBAY_MODEL_CONCURRENCY !== undefined && { modelConcurrency: of.PATCHBAY_MODEL_CONCURRENCY }),
      ...(of.PATCHBAY_TENANT_CONCURRENCY !== undefined && { tenantConcurrency: of.PATCHBAY_TENANT_CONCURRENCY }),
      ...(of.PATCHBAY_TENANT_RATE !== undefined && { tenantRate: of.PATCHBAY_TENANT_RATE }),
    },
    begin: {
      ...(of.PATCHBAY_FIRST_BYTE !== undefined && { firstByte: of.PATCHBAY_FIRST_BYTE * 1_000 }),
      ...(of.PATCHBAY_HEDGE_AFTER !== undefined && { hedgeAfter: of.PATCHBAY_HEDGE_AFTER * 1_000 }),
    },
    ...(of.DATABASE_URL !== undefined && { databaseUrl: of.DATABASE_URL }),
    ...(of.PATCHBAY_KEY !== undefined && { key: of.PATCHBAY_KEY }),
    ...(of.PATCHBAY_ADMIN_TOKEN !== undefined && { adminToken: of.PATCHBAY_ADMIN_TOKEN }),
  }
}
