import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ScriptedAnswer = (response: ServerResponse, request: IncomingMessage, body: unknown) => void | Promise<void>
export type ScriptedEngine = {
  /** Up to and including `/v1`. */
  url: string
  /** Requests that came, and those whose caller left. */
  seen: { calls: number; left: number }
  answer: ScriptedAnswer
  close: () => Promise<void>
}

const event = (text: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\n`
/** Streams some words and ends as an engine does. */
export const streamWords =
  (...words: string[]): ScriptedAnswer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const word of words) response.write(event(word))
    response.end('data: [DONE]\n\n')
  }
/** Begins to stream and never ends. */
export const streamForEver: ScriptedAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(event('first'))
}
/** Dies after the first word. */
export const breakOff: ScriptedAnswer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(event('first'), () => response.destroy())
}
export const refuse =
  (status: number): ScriptedAnswer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error: { message: 'no', code: 'refused' } }))
  }

/** An HTTP server in an engine's place, whose answers a test writes. */
export const startScriptedEngine = async (first: ScriptedAnswer = streamWords('hello')): Promise<ScriptedEngine> => {
  const seen = { calls: 0, left: 0 }
  const engine = { answer: first }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    seen.calls += 1
    response.on('close', () => {
      if (!response.writableEnded) seen.left += 1
    })
    await engine.answer(response, request, JSON.parse(Buffer.concat(chunks).toString() || 'null'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(engine, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
