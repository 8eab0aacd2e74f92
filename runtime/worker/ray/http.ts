import http from 'node:http'
import https from 'node:https'
import type { z } from 'zod'
import { RayError } from './errors.ts'

export type RayTarget = {
  /** The dashboard of the head, such as `http://head:8265`. */
  url: string
  /** For a cluster with `RAY_AUTH_MODE=token`. */
  token?: string
}
export type RayRequest = {
  method?: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Sent as JSON, unless it is a stream of bytes. */
  body?: unknown
  signal?: AbortSignal
  /** Milliseconds without a byte. */
  patience?: number
}
export type RayAnswer = { status: number; text: string }

const isBytes = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body

const unreachable = (target: RayTarget, cause: unknown) =>
  new RayError(
    'ray-unreachable',
    `Ray does not answer at ${target.url}: ${cause instanceof Error ? cause.message : String(cause)}. Check that the head runs and that this is the address of its dashboard (port 8265).`,
    { cause },
  )

/**
 * One call of Ray's REST API, of any status. Over node:http, since the global fetch sends `sec-fetch-mode`, which Ray takes for
 * a browser and answers with 405.
 */
export const callRay = (target: RayTarget, path: string, options: RayRequest = {}): Promise<RayAnswer> => {
  const { method = 'GET', body, signal, patience = 60_000 } = options
  const url = new URL(path, target.url.endsWith('/') ? target.url : `${target.url}/`)
  const headers = {
    ...(target.token !== undefined && { authorization: `Bearer ${target.token}` }),
    ...(body !== undefined && { 'content-type': isBytes(body) ? 'application/octet-stream' : 'application/json' }),
  }
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(signal?.aborted ? signal.reason : unreachable(target, cause))
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      { method, headers, timeout: patience, ...(signal && { signal }) },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('error', fail)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
        )
      },
    )
    request.on('error', fail)
    request.on('timeout', () => request.destroy(new Error(`nothing came for ${patience / 1000} s`)))
    if (!isBytes(body)) return request.end(body === undefined ? undefined : JSON.stringify(body))
    const send = async () => {
      for await (const piece of body)
        if (!request.write(piece))
          await new Promise((written, failed) => request.once('drain', written).once('close', failed))
      request.end()
    }
    return send().catch((cause) => request.destroy(cause instanceof Error ? cause : new Error(String(cause))))
  })
}

/** What a refusal says: Ray answers with a traceback, of which the last line is the reason. */
export const reasonOf = (answer: RayAnswer): string =>
  answer.text.trim().split('\n').at(-1)?.slice(0, 500) || `status ${answer.status}`

/** A call that must succeed, with its answer read by a schema. */
export const askRay = async <T>(
  target: RayTarget,
  path: string,
  schema: z.ZodType<T>,
  options: RayRequest = {},
): Promise<T> => {
  const answer = await callRay(target, path, options)
  const said = `${options.method ?? 'GET'} ${path}`
  if (answer.status === 404) throw new RayError('ray-not-found', `Ray knows nothing of ${said}: ${reasonOf(answer)}`)
  if (answer.status === 401 || answer.status === 403)
    throw new RayError(
      'ray-refused',
      `Ray refused ${said}: ${reasonOf(answer)}. Set RAY_AUTH_TOKEN to the cluster's token (\`ray get-auth-token\`).`,
    )
  if (answer.status >= 300)
    throw new RayError(
      answer.status >= 500 ? 'ray-busy' : 'ray-refused',
      `Ray refused ${said} with ${answer.status}: ${reasonOf(answer)}`,
      {
        cause: answer.text,
      },
    )
  const read = schema.safeParse(parseJson(answer.text))
  if (read.success) return read.data
  throw new RayError(
    'ray-answer',
    `Ray's answer to ${said} was not understood (${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}). Patchbay is tested with Ray 2.60; use that, or check that the address is a Ray dashboard.`,
    { cause: answer.text.slice(0, 2_000) },
  )
}

const parseJson = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
