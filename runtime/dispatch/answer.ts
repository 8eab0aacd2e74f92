import { Readable } from 'node:stream'

/**
 * What a worker answers. The body is a stream of Node's, not of the web: each layer of those costs a streamed token about as
 * much as the rest of its way through this process.
 */
export type Answer = { status: number; headers: Record<string, string>; body: Readable | null }

/** Resolves when a body has bytes to read, which stay in it. False: it ended without any. */
export const begins = (body: Readable): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const settle = () => {
      body.off('readable', look).off('end', ended).off('error', failed).off('close', closed)
    }
    const look = () => {
      if (body.readableLength === 0) return void body.read() // at its end, this lets it end
      settle()
      resolve(true)
    }
    const ended = () => {
      settle()
      resolve(false)
    }
    const failed = (error: unknown) => {
      settle()
      reject(error)
    }
    const closed = () => failed(body.errored ?? new Error('The connection to the worker was cut off.'))
    if (body.readableLength > 0) return resolve(true)
    if (body.destroyed) return closed()
    body.on('readable', look).on('end', ended).on('error', failed).on('close', closed)
  })

/** An answer for those who take what `fetch` gives. */
export const asResponse = ({ status, headers, body }: Answer): Response =>
  // The cast: Node's type of a web stream and the global one differ in name only.
  new Response(body && (Readable.toWeb(body) as ReadableStream<Uint8Array>), { status, headers })
