import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import { NodeError } from '#nodes/errors.ts'
import type { Answer } from './answer.ts'

/** How long a call waits for its worker to fetch it, in ms: one that is up asks all the time. */
const patience = 15_000

export type FetchedCall = { call: string; path: string; body: unknown }
/** Calls that a worker fetched and has not begun to answer, whose callers went away. */
export type GoneCalls = { gone: string[] }
/** What a worker says when it asks for a call. */
export type Poll = {
  /** The last call that reached it, or nothing: one that was handed to it after that was lost on the way. */
  after: string
  /** It has no room for a call, and asks only whose callers are gone. */
  full: boolean
}
/** An answer as it comes with a worker's request. */
export type SentAnswer = Omit<Answer, 'body'> & { body: ReadableStream<Uint8Array> | null }

/** Calls for workers that can not be reached: they ask for them, and send the answers. */
export type Calls = {
  /** Resolves when the worker begins to answer. */
  send: (worker: string, path: string, body: unknown, signal: AbortSignal) => Promise<Answer>
  /** The next call for a worker, or undefined after `ms`; for workers that do not say what reached them. */
  next: (worker: string, ms: number, signal: AbortSignal) => Promise<FetchedCall | undefined>
  /** The same, or which calls to stop; a later poll of the same worker ends this one. */
  poll: (worker: string, ms: number, signal: AbortSignal, poll: Poll) => Promise<FetchedCall | GoneCalls | undefined>
  /** Hands an answer to its caller; resolves when that has read it, or has gone. False: nobody waits for it. */
  answer: (worker: string, call: string, answer: SentAnswer) => Promise<boolean>
}

type Pending = {
  worker: string
  call: FetchedCall
  signal: AbortSignal
  resolve: (answer: Answer) => void
  /** Puts it into its worker's line, from where it is to be fetched in time. */
  line: (at: 'front' | 'end') => void
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Names of calls to stop that a worker which asks no more may leave behind. */
const mostGone = 1_000

export const createCalls = (): Calls => {
  const lines = new Map<string, Pending[]>()
  const fetched = new Map<string, Pending>()
  const askers = new Map<string, (() => void)[]>()
  const gone = new Map<string, string[]>()
  /** The call that each worker was handed last, until its next poll says whether it came. */
  const handed = new Map<string, Pending>()
  const polls = new Map<string, object>()

  const wake = (worker: string): void => {
    for (const asker of askers.get(worker) ?? []) asker()
  }
  const lineOf = (worker: string): Pending[] => {
    const line = lines.get(worker) ?? []
    lines.set(worker, line)
    return line
  }
  /** Waits until something may be there for a worker, or for `until`. */
  const news = async (worker: string, until: AbortSignal): Promise<void> => {
    const woken = Promise.withResolvers<void>()
    const waiting = askers.get(worker) ?? []
    askers.set(worker, waiting)
    waiting.push(woken.resolve)
    await Promise.race([woken.promise, aborted(until)])
    const at = waiting.indexOf(woken.resolve)
    if (at >= 0) waiting.splice(at, 1)
  }
  const take = (worker: string): Pending | undefined => {
    const pending = lines.get(worker)?.shift()
    if (pending) fetched.set(pending.call.call, pending)
    return pending
  }

  return {
    send: (worker, path, body, signal) =>
      new Promise((resolve, reject) => {
        const line = lineOf(worker)
        let timer: NodeJS.Timeout | undefined
        const pending: Pending = {
          worker,
          call: { call: randomUUID(), path, body },
          signal,
          resolve,
          line: (at) => {
            clearTimeout(timer)
            timer = setTimeout(() => {
              if (line.includes(pending))
                drop(
                  new NodeError('no-worker', 'The worker did not fetch the call. Is it still up?', { retry: 'later' }),
                )
            }, patience)
            if (at === 'front') line.unshift(pending)
            else line.push(pending)
          },
        }
        const drop = (error: unknown) => {
          clearTimeout(timer)
          const at = line.indexOf(pending)
          if (at >= 0) line.splice(at, 1)
          if (fetched.delete(pending.call.call)) {
            gone.set(worker, [...(gone.get(worker) ?? []), pending.call.call].slice(-mostGone))
            wake(worker)
          }
          reject(error)
        }
        signal.addEventListener('abort', () => drop(signal.reason), { once: true })
        if (signal.aborted) return drop(signal.reason)
        pending.line('end')
        wake(worker)
      }),
    next: async (worker, ms, signal) => {
      const until = AbortSignal.any([signal, AbortSignal.timeout(ms)])
      while (!until.aborted) {
        const pending = take(worker)
        if (pending) return pending.call
        await news(worker, until)
      }
      return undefined
    },
    poll: async (worker, ms, signal, { after, full }) => {
      const last = handed.get(worker)
      handed.delete(worker)
      if (last && last.call.call !== after && fetched.delete(last.call.call)) last.line('front')
      const own = {}
      polls.set(worker, own)
      wake(worker)
      const until = AbortSignal.any([signal, AbortSignal.timeout(ms)])
      while (!until.aborted && polls.get(worker) === own) {
        const left = gone.get(worker)
        if (left && gone.delete(worker)) return { gone: left }
        const pending = full ? undefined : take(worker)
        if (pending) {
          handed.set(worker, pending)
          return pending.call
        }
        await news(worker, until)
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
