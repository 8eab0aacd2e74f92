import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: Record<string, unknown> }
export type Recorded = {
  status?: number
  headers?: Record<string, string>
  body: string
  /** The connection breaks after the body instead of ending. */
  broken?: true
  /** The connection stays open after the body. */
  open?: true
}
export type RecordedProvider = {
  url: string
  heard: Heard[]
  /** How many callers went away before their answer ended. */
  left: () => number
  close: () => Promise<void>
}

/** A server on the loopback that answers as a provider does, from recorded answers, and remembers what it was asked. */
export const startRecordedProvider = async (answer: (heard: Heard) => Recorded): Promise<RecordedProvider> => {
  const heard: Heard[] = []
  let left = 0
  const server: Server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    const asked = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text ? JSON.parse(text) : {},
    }
    heard.push(asked)
    const { status = 200, headers = { 'content-type': 'text/event-stream' }, body, broken, open } = answer(asked)
    response.on('close', () => {
      if (!response.writableEnded && !broken) left += 1
    })
    response.writeHead(status, headers)
    if (broken) response.write(body, () => response.destroy())
    else if (open) response.write(body)
    else response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    left: () => left,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
