import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { NodeError } from '#nodes/errors.ts'
import type { Answer } from './answer.ts'

/** How long a call waits for its worker to fetch it, in ms: one that is up asks all the time. */
const patience = 15_000

export type FetchedCall = { call: string; path: string; body: unknown }
/** An answer as it comes with a worker's request. */
export type SentAnswer = Omit<Answer, 'body'> & { body: ReadableStream<Uint8Array> | null }

/** Calls for workers that can not be reached: they ask for them, and send the answers. */
export type Calls = {
  /** Resolves when the worker begins to answer. */
  send: (worker: string, path: string, body: unknown, signal: AbortSignal) => Promise<Answer>
  /** The next call for a worker, or undefined after `ms`. */
  next: (worker: string, ms: number, signal: AbortSignal) => Promise<FetchedCall | undefined>
  /** Hands an answer to its caller; resolves when that has read it, or has gone. False: nobody waits for it. */
  answer: (worker: string, call: string, answer: SentAnswer) => Promise<boolean>
}

type Pending = {
  worker: string
  call: FetchedCall
  signal: AbortSignal
  resolve: (answer: Answer) => void
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

export const createCalls = (): Calls => {
  const lines = new Map<string, Pending[]>()
  const fetched = new Map<string, Pending>()
  const askers = new Map<string, (() => void)[]>()

  return {
    send: (worker, path, body, signal) =>
      new Promise((resolve, reject) => {
        const pending: Pending = { worker, call: { call: randomUUID(), path, body }, signal, resolve }
        const line = lines.get(worker) ?? []
        lines.set(worker, line)
        const drop = (error: unknown) => {
          clearTimeout(timer)
          const at = line.indexOf(pending)
          if (at >= 0) line.splice(at, 1)
          fetched.delete(pending.call.call)
          reject(error)
        }
        const timer = setTimeout(() => {
          if (line.includes(pending))
            drop(new NodeError('no-worker', 'The worker did not fetch the call. Is it still up?', { retry: 'later' }))
        }, patience)
        signal.addEventListener('abort', () => drop(signal.reason), { once: true })
        if (signal.aborted) return drop(signal.reason)
        line.push(pending)
        askers.get(worker)?.shift()?.()
      }),
    next: async (worker, ms, signal) => {
      const until = AbortSignal.any([signal, AbortSignal.timeout(ms)])
      while (!until.aborted) {
        const pending = lines.get(worker)?.shift()
        if (pending) {
          fetched.set(pending.call.call, pending)
          return pending.call
        }
        const woken = Promise.withResolvers<void>()
        const waiting = askers.get(worker) ?? []
        askers.set(worker, waiting)
        waiting.push(woken.resolve)
        await Promise.race([woken.promise, aborted(until)])
        const at = waiting.indexOf(woken.resolve)
        if (at >= 0) waiting.splice(at, 1)
      }
      return undefined
    },
    answer: async (worker, call, answer) => {
      const pending = fetched.get(call)
      if (!pending || pending.worker !== worker) return false
      fetched.delete(call)
      // The cast: Node's type of a web stream and the global one differ in name only.
      const body = answer.body && Readable.fromWeb(answer.body as NodeReadableStream<Uint8Array>)
      pending.signal.addEventListener('abort', () => body?.destroy(pending.signal.reason), { once: true })
      pending.resolve({ ...answer, body })
      // Whoever leaves closes the worker's request, which stops its generation.
      if (body) await finished(body).catch(() => undefined)
      return true
    },
  }
}
