import { z } from 'zod'

/** A server with an OpenAI-style API, as a person names it. */
export type ExternalAddress = { url: URL; metrics: URL; key?: string; capacity?: number }

const shape = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'is not an http address' }),
  /** The name of the environment variable that holds the key: the key itself would show in the list of processes. */
  key: z.string().optional(),
  metrics: z.url({ protocol: /^https?$/, error: 'is not an http address' }).optional(),
  capacity: z.coerce.number().int().min(1).optional(),
})

/**
 * Reads `URL[,key=ENVIRONMENT_VARIABLE][,metrics=URL][,capacity=N]`.
 * @example readExternal('http://10.0.0.5:8000,key=VLLM_API_KEY', process.env)
 */
export const readExternal = (text: string, environment: NodeJS.ProcessEnv): ExternalAddress => {
  const [url = '', ...rest] = text.split(',')
  const options = Object.fromEntries(rest.map((part) => part.split(/=(.*)/s, 2)))
  const parsed = shape.safeParse({ url, ...options })
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'can not be read' }
    throw new Error(`The external server "${text}": ${path.join('.')} ${message}.`)
  }
  const { key, metrics, capacity } = parsed.data
  const secret = key === undefined ? undefined : environment[key]
  if (key !== undefined && !secret)
    throw new Error(
      `The external server ${url} wants its key from ${key}, which is not set. Set it, or leave ",key=" out.`,
    )
  const base = new URL(parsed.data.url)
  if (base.pathname === '/') base.pathname = '/v1'
  return {
    url: base,
    metrics: new URL(metrics ?? new URL('/metrics', base)),
    ...(secret !== undefined && { key: secret }),
    ...(capacity !== undefined && { capacity }),
  }
}
