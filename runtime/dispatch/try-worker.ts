import { type Answer, begins } from './answer.ts'
import type { Calls } from './calls.ts'
import type { Fleet, FleetWorker } from './fleet.ts'
import { postJson } from './send.ts'

export type ModelPath = '/chat/completions' | '/embeddings'
/** What is sent to a worker: the model is named as it names it. */
export type Asked = {
  path: ModelPath
  body: { model: string } & Record<string, unknown>
  /** The caller's. */
  signal: AbortSignal
  /** How long the first byte may take, in ms. */
  firstByte: number
}
/** An answer that has begun, or why there is none. `silent`: nothing came in time. */
export type Outcome = { trial: Trial } & ({ answer: Answer } | { answer?: never; cause: unknown; silent: boolean })
export type Trial = {
  worker: FleetWorker
  /** Never rejects. */
  outcome: Promise<Outcome>
  /** Ends it, whatever came: another worker's answer is taken. */
  drop: () => void
}
export type Trying = {
  fleet: Fleet
  calls: Calls
  /** Told once when it was the worker's fault. */
  failed: () => void
}

/** What says of the worker itself that it cannot answer, whoever is given the answer. */
const faults = new Set([502, 503])
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Asks one worker. The turn there ends with the last byte, when the caller leaves, when the worker is lost, or when the
 * answer breaks off; then whoever reads the body hears an error.
 */
export const tryWorker = (
  { fleet, calls, failed }: Trying,
  worker: FleetWorker,
  { path, body, signal, firstByte }: Asked,
): Trial => {
  const own = new AbortController()
  let over = false
  let answered = false
  let begun = false
  let silent = false
  let blamed = false
  const turn = fleet.begin(worker.id, body.model, (reason) =>
    own.abort(new Error(`The worker "${worker.name}" was lost: ${reason}`)),
  )
  const blame = (fault: string): void => {
    if (blamed) return
    blamed = true
    turn.failed(fault)
    failed()
  }
  const end = (fault?: string): void => {
    if (over) return
    over = true
    clearTimeout(timer)
    signal.removeEventListener('abort', leave)
    if (fault !== undefined) blame(fault)
    turn.over(answered)
  }
  const leave = () => {
    end()
    own.abort(signal.reason)
  }
  const timer = setTimeout(() => {
    silent = true
    own.abort(new Error(`"${worker.name}" gave no first byte within ${firstByte / 1_000} s`))
  }, firstByte)
  signal.addEventListener('abort', leave, { once: true })

  const send = (): Promise<Answer> => {
    const url = worker.offer?.url
    return url === undefined
      ? calls.send(worker.id, path, body, own.signal)
      : postJson(url + path, worker.engineToken ?? undefined, JSON.stringify(body), own.signal)
  }
  const ask = async (): Promise<Answer> => {
    const answer = await send()
    answered = true
    if (!over && faults.has(answer.status)) blame(`it answered ${answer.status}`)
    // Before the first byte an end is no good one; what becomes of it is said below.
    const ended = () => {
      if (begun) end()
    }
    answer.body?.on('end', ended).on('close', ended)
    answer.body?.on('error', (error) => end(begun ? 'its answer broke off' : messageOf(error)))
    begun = answer.body !== null && (await begins(answer.body))
    clearTimeout(timer)
    if (begun) return answer
    if (answer.status < 400) throw new Error('it ended its answer before it began')
    end()
    return { ...answer, body: null }
  }
  const trial: Trial = {
    worker,
    outcome: ask().then(
      (answer) => ({ trial, answer }),
      (cause: unknown) => {
        end(messageOf(cause))
        return { trial, cause, silent }
      },
    ),
    drop: () => {
      end()
      own.abort(new Error('another worker answers'))
    },
  }
  return trial
}
