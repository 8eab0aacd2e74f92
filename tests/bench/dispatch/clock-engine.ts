import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPrefixCache } from './prefix-cache.ts'

/*
 * An engine whose tokens come by the clock, in a process of its own: it computes nothing, so that what is measured is the way
 * to it. Token k of an answer is due k × `gap` ms after its request came, whatever else goes on.
 */
export type ClockSettings = {
  tokens: number
  gap: number
  /** Before the first token: so many ms for each block of the prompt that is not in the cache. */
  prompt?: { perBlock: number; cache: number }
}
export type ClockTold = { blocks: number; cached: number }

const { tokens, gap, prompt } = JSON.parse(process.argv[2] ?? '') as ClockSettings
const cache = prompt && createPrefixCache(prompt.cache)
const told: ClockTold = { blocks: 0, cached: 0 }

type Asked = { stream?: boolean; messages?: { content: string }[] }
const event = (choice: object) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 0, model: 'clock', choices: [{ index: 0, ...choice }] })}\n\n`
const token = event({ delta: { content: ' token' }, finish_reason: null })
const end = `${event({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`
const whole = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 0,
  model: 'clock',
  choices: [{ index: 0, message: { role: 'assistant', content: ' token'.repeat(tokens) }, finish_reason: 'stop' }],
})

/** Milliseconds that the prompt takes. */
const evaluate = ({ messages = [] }: Asked): number => {
  if (!prompt || !cache) return 0
  const { blocks, cached } = cache.use(messages.map(({ content }) => content).join('\n'))
  told.blocks += blocks
  told.cached += cached
  return (blocks - cached) * prompt.perBlock
}

const until = (time: number): number => Math.max(0, time - performance.now())

const answer = (asked: Asked, response: ServerResponse): void => {
  const start = performance.now() + evaluate(asked)
  if (!asked.stream) {
    setTimeout(
      () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) })
        response.end(whole)
      },
      until(start + tokens * gap),
    )
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let sent = 0
  const next = () => {
    if (response.destroyed) return
    // All that are due: a timer that comes late delays no later token.
    const due = Math.min(tokens, Math.floor((performance.now() - start + 0.5) / gap))
    for (; sent < due; sent += 1) response.write(token)
    if (sent === tokens) response.end(end)
    else setTimeout(next, until(start + (sent + 1) * gap))
  }
  setTimeout(next, until(start + gap))
}

const server = createServer(async (request, response) => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  response.socket?.setNoDelay(true)
  answer(JSON.parse(Buffer.concat(parts).toString()) as Asked, response)
})
server.keepAliveTimeout = 65_000
process.on('message', () => {
  process.send?.({ ...told })
  told.blocks = 0
  told.cached = 0
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
