import type { OpenAiError } from './errors.ts'
import { errorEvent } from './relay.ts'

/** Proxies close quiet connections after 30 to 60 seconds. */
const heartbeat = 15_000

const encoder = new TextEncoder()

/**
 * Sends values as OpenAI's clients read them. `[DONE]` follows a whole answer only; a failure becomes an error event. A
 * client that leaves ends `values`, after `gone` was called.
 */
export const chunkStream = (
  values: AsyncGenerator<unknown>,
  failed: (error: unknown) => OpenAiError,
  gone: () => void,
): ReadableStream<Uint8Array> => {
  let beat: NodeJS.Timeout | undefined
  return new ReadableStream<Uint8Array>({
    start(controller) {
      beat = setInterval(() => controller.enqueue(encoder.encode(': \n\n')), heartbeat)
    },
    async pull(controller) {
      try {
        const { value, done } = await values.next()
        if (!done) return controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`))
        controller.enqueue(encoder.encode('data: [DONE]\n\n'))
      } catch (error) {
        controller.enqueue(errorEvent(failed(error)))
      }
      clearInterval(beat)
      controller.close()
    },
    async cancel() {
      clearInterval(beat)
      gone()
      await values.return(undefined)
    },
  })
}
