import type { Context } from 'hono'
import type { Engine } from '#runtime/engine/engine.ts'
import { ApiError } from '../errors.ts'
import { asApiError } from '../known-errors.ts'
import type { Log } from '../log.ts'
import { answerFailed } from '../outcome.ts'
import { type ServerEvent, sendEvents } from '../sse.ts'

const event = (name: string, data: unknown): ServerEvent => ({ event: name, data: JSON.stringify(data) })

/**
 * What the caller of a streaming hook sees of a run: `delta`s, then `end` with the output, or `error`. Text that was
 * sent cannot be taken back, so a step that starts over after its first delta ends the stream with an error.
 */
async function* tellRun(engine: Engine, id: string, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  const begun = new Set<string>()
  const nameOf = (step: { node: string; path?: readonly number[] }) => [step.node, ...(step.path ?? [])].join('/')
  for await (const told of engine.events(id, 0, signal)) {
    if (told.type === 'step-delta') {
      begun.add(nameOf(told))
      yield event('delta', {
        node: told.node,
        port: told.port,
        delta: told.delta,
        ...(told.path && { path: told.path }),
      })
    } else if (told.type === 'step-restart' && begun.has(nameOf(told))) {
      throw answerFailed({ id, status: 'failed', error: told.error })
    } else if (told.type === 'run-end') {
      if (told.status !== 'succeeded') throw answerFailed({ id, status: told.status, error: told.error ?? null })
      yield event('end', { id, output: told.output ?? {}, usage: told.usage })
      return
    }
  }
  throw new ApiError('unavailable', 'The stream broke off. The run goes on; ask for it by its id.', {
    more: { run: id },
  })
}

/** Answers with the run as server-sent events. */
export const streamRun = (c: Context, engine: Engine, id: string, log: Log): Response => {
  c.header('patchbay-run', id)
  return sendEvents(
    c,
    (signal) => tellRun(engine, id, signal),
    (error) => event('error', asApiError(error, log)),
  )
}
