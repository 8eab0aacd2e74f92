import { asWorkerError } from './errors.ts'

const event = (data: unknown): string => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`

/**
 * Server-sent events of a stream whose first value is there already. A failure later becomes an error event, and `[DONE]`
 * is sent only after a whole answer: a client can always tell a cut answer from a finished one.
 * The reader pulls, so a slow client slows nothing but itself; a client that goes away cancels `values`.
 */
export const eventStream = <T>(first: T, values: AsyncGenerator<T>): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder()
  let pending: T | undefined = first
  return new ReadableStream({
    async pull(controller) {
      const send = (data: unknown) => controller.enqueue(encoder.encode(event(data)))
      try {
        if (pending !== undefined) {
          send(pending)
          pending = undefined
          return
        }
        const { value, done } = await values.next()
        if (!done) return send(value)
        send('[DONE]')
      } catch (error) {
        send(asWorkerError(error).toJSON())
      }
      controller.close()
    },
    async cancel() {
      await values.return(undefined)
    },
  })
}
