import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Received = { path: string; authorization: string | undefined; body: string }
export type SmallServer = {
  url: string
  received: Received[]
  /** Answers to calls, by path: replays a recorded text or does as it is told. */
  on: (path: string, answer: string | ((request: IncomingMessage, response: ServerResponse) => void)) => void
  /** Connections of calls that the other side broke off. */
  brokenOff: () => number
  close: () => Promise<void>
}

/** A real HTTP server that replays what an OpenAI-style server was recorded to say. */
export const openSmallServer = async (port = 0): Promise<SmallServer> => {
  const answers = new Map<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>()
  const received: Received[] = []
  let brokenOff = 0
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    response.on('close', () => {
      if (!response.writableFinished) brokenOff += 1
    })
    received.push({ path, authorization: request.headers.authorization, body: await text(request) })
    const answer = answers.get(path)
    if (answer === undefined) return response.writeHead(404).end('{"detail":"Not Found"}')
    if (typeof answer === 'function') return answer(request, response)
    const type = answer.startsWith('{') ? 'application/json' : 'text/plain; version=0.0.4'
    response.writeHead(200, { 'content-type': type }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    on: (path, answer) => void answers.set(path, answer),
    brokenOff: () => brokenOff,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
