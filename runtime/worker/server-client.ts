import { z } from 'zod'
import {
  type BeatReply,
  beatReply,
  enrolled,
  type Lease,
  type LeaseEnd,
  lease,
  type leaseEvents,
  leaseReply,
  type leaseRequest,
  type WorkerBeat,
  type WorkerOffer,
} from '../dispatch/protocol.ts'
import { ServerError } from './server-error.ts'

const relayedCall = z.object({ call: z.string(), path: z.string(), body: z.unknown() })
export type RelayedCall = z.infer<typeof relayedCall>
/** A call to answer, or those to stop because their callers went away. */
const relayNews = z.union([relayedCall, z.object({ gone: z.array(z.string()) })])
export type RelayNews = z.infer<typeof relayNews>

/** The calls of runtime/dispatch/protocol.ts, each tried once. Answers are parsed; failures are `ServerError`s. */
export type ServerClient = {
  server: string
  /** The worker's own. */
  token: string
  offer: (offer: WorkerOffer) => Promise<void>
  beat: (beat: WorkerBeat) => Promise<BeatReply>
  nextLease: (request: z.input<typeof leaseRequest>, signal: AbortSignal) => Promise<Lease | undefined>
  events: (job: string, body: z.infer<typeof leaseEvents>) => Promise<z.infer<typeof leaseReply>>
  end: (job: string, body: LeaseEnd) => Promise<void>
  /** The bytes from `from` on. The answer says by its status (206) whether it begins there or, at 200, at the start. */
  artifact: (sha256: string, from: number, signal: AbortSignal) => Promise<Response>
  hasArtifact: (sha256: string, signal: AbortSignal) => Promise<boolean>
  uploadOffset: (sha256: string, signal: AbortSignal) => Promise<number>
  /** Sends bytes from `from` on; resolves with how many the server has now. */
  upload: (
    sha256: string,
    part: { from: number; total: number; body: ReadableStream<Uint8Array> },
    signal: AbortSignal,
  ) => Promise<number>
  /** `after`: the last call that came, empty before the first; `full`: there is no room for another. */
  nextCall: (asked: { after: string; full: boolean }, signal: AbortSignal) => Promise<RelayNews | undefined>
  answerCall: (call: string, answer: Response, signal: AbortSignal) => Promise<void>
}

const problem = z.object({ code: z.string().optional(), detail: z.string().optional(), title: z.string().optional() })
/** Milliseconds for an answer, unless the call waits by itself. */
const patience = 30_000

const failed = async (response: Response, what: string): Promise<ServerError> => {
  const told = problem.safeParse(await response.json().catch(() => ({}))).data ?? {}
  const said = told.detail ?? told.title ?? `status ${response.status}`
  const named = { problem: told.code }
  if (response.status === 401 || response.status === 403)
    return new ServerError(
      'unauthorized',
      `The server does not accept this worker (${said}). If it was removed there, delete its worker.json and start it with a new one-time token: the Workers page makes one.`,
      named,
    )
  if (response.status === 409)
    return new ServerError(told.code === 'lease-lost' ? 'lease-lost' : 'conflict', `${what}: ${said}`, named)
  if (response.status === 429 || response.status === 408 || response.status >= 500) {
    const after = Number(response.headers.get('retry-after'))
    return new ServerError('unavailable', `${what}: the server cannot answer now (${said}).`, {
      ...named,
      after: after > 0 ? Math.min(after, 60) : undefined,
    })
  }
  return new ServerError('refused', `${what}: the server refused it (${response.status}: ${said}).`, named)
}

const unreachable = (server: string, cause: unknown): ServerError => {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
  return new ServerError(
    'unreachable',
    `There is no answer from ${server} (${inner || 'no reason given'}). Is the server up, and the address right?`,
    { cause },
  )
}

/** A page in place of JSON is that of a proxy whose server is away. */
const jsonOf = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ServerError('unavailable', `${what}: something between here and the server answered in its place.`, {
      cause,
    })
  }
}

const read = async <S extends z.ZodType>(response: Response, schema: S, what: string): Promise<z.output<S>> => {
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(new URL(response.url).origin, cause)
  })
  const parsed = schema.safeParse(jsonOf(text, what))
  if (parsed.success) return parsed.data
  throw new ServerError(
    'odd-answer',
    `${what}: the answer is not what this worker understands (${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}). Worker and server should be of one version.`,
  )
}

type Call = {
  method?: string
  json?: unknown
  headers?: Record<string, string>
  body?: ReadableStream<Uint8Array>
  signal?: AbortSignal
  /** Milliseconds; none for calls that stream. */
  patience?: number
  /** Statuses beside 2xx that are an answer. */
  also?: number[]
}

const caller = (server: string, token: string | undefined) => async (path: string, what: string, call: Call) => {
  const signals = [call.signal, call.patience && AbortSignal.timeout(call.patience)].filter((one) => !!one)
  const response = await fetch(`${server}/api${path}`, {
    method: call.method ?? 'POST',
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(call.json !== undefined && { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.json !== undefined && { body: JSON.stringify(call.json) }),
    ...(call.body && { body: call.body, duplex: 'half' as const }),
    ...(signals.length > 0 && { signal: AbortSignal.any(signals as AbortSignal[]) }),
  }).catch((cause: unknown) => {
    call.signal?.throwIfAborted()
    throw unreachable(server, cause)
  })
  if (response.ok || call.also?.includes(response.status)) return response
  throw await failed(response, what)
}

/** Exchanges a one-time token for the identity that the worker keeps. */
export const enrolAt = async (server: string, oneTime: string, body: { name: string; version: string }) => {
  const response = await caller(server, oneTime)('/workers/enrol', 'Enrolling', { json: body, patience })
  // A page from a server that was never heard of: the address is wrong, which waiting does not mend.
  if (!/\bjson\b/.test(response.headers.get('content-type') ?? ''))
    throw new ServerError('odd-answer', `What answers at ${server} is no Patchbay server. Is the address right?`)
  return read(response, enrolled, 'Enrolling')
}

export const createServerClient = (server: string, token: string): ServerClient => {
  const call = caller(server, token)
  const offset = (response: Response): number => Number(response.headers.get('upload-offset')) || 0
  return {
    server,
    token,
    offer: async (json) => {
      await call('/workers/self', 'Telling what this worker has', { method: 'PUT', json, patience })
    },
    beat: async (json) =>
      read(await call('/workers/self/beats', 'The heartbeat', { json, patience: 10_000 }), beatReply, 'The heartbeat'),
    nextLease: async (json, signal) => {
      const waits = (json.wait ?? 20) * 1_000 + 15_000
      const response = await call('/leases/next', 'Asking for a job', { json, signal, patience: waits })
      return response.status === 204 ? undefined : read(response, lease, 'Asking for a job')
    },
    events: async (job, json) =>
      read(await call(`/leases/${job}/events`, 'Telling progress', { json, patience }), leaseReply, 'Telling progress'),
    end: async (job, json) => {
      await call(`/leases/${job}/end`, 'Ending the job', { json, patience })
    },
    artifact: (sha256, from, signal) =>
      call(`/artifacts/${sha256}`, 'Downloading', {
        method: 'GET',
        signal,
        ...(from > 0 && { headers: { range: `bytes=${from}-` } }),
        also: [416],
      }),
    hasArtifact: async (sha256, signal) => {
      const response = await call(`/artifacts/${sha256}`, 'Looking for an artifact', {
        method: 'HEAD',
        signal,
        patience,
        also: [404],
      })
      return response.ok
    },
    uploadOffset: async (sha256, signal) =>
      offset(
        await call(`/uploads/${sha256}`, 'Looking for an upload', { method: 'HEAD', signal, patience, also: [404] }),
      ),
    upload: async (sha256, { from, total, body }, signal) =>
      offset(
        await call(`/uploads/${sha256}`, 'Uploading', {
          method: 'PATCH',
          headers: {
            'content-type': 'application/offset+octet-stream',
            'upload-offset': String(from),
            'upload-length': String(total),
          },
          body,
          signal,
        }),
      ),
    nextCall: async ({ after, full }, signal) => {
      const query = new URLSearchParams({ after, full: String(full) })
      const path = `/workers/self/calls/next?${query}`
      const response = await call(path, 'Asking for calls', { signal, patience: 45_000 })
      return response.status === 204 ? undefined : read(response, relayNews, 'Asking for calls')
    },
    answerCall: async (id, answer, signal) => {
      const type = answer.headers.get('content-type')
      const after = answer.headers.get('retry-after')
      await call(`/workers/self/calls/${id}`, 'Answering a call', {
        headers: {
          'x-status': String(answer.status),
          ...(type && { 'content-type': type }),
          ...(after && { 'x-retry-after': after }),
        },
        ...(answer.body && { body: answer.body }),
        signal,
      })
    },
  }
}
