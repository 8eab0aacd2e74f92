import { describe, expect, test } from 'vitest'
import { relay, relayEvents } from './relay.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const streamOf = (pieces: readonly string[], end?: Error) =>
  new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const piece of pieces) controller.enqueue(bytes(piece))
      // The pieces are read first: an error would throw away what is queued.
      await new Promise((resolve) => setImmediate(resolve))
      if (end) controller.error(end)
      else controller.close()
    },
  })
const pulled = (pieces: readonly string[], end?: Error) => {
  const left = [...pieces]
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = left.shift()
        if (piece !== undefined) return controller.enqueue(bytes(piece))
        if (end) controller.error(end)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
const read = (stream: ReadableStream<Uint8Array>) => new Response(stream).text()
const one = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
const done = 'data: [DONE]\n\n'
const never = () => undefined

describe('a stream that is passed on', () => {
  test.each([
    ['as it came', [one, one, done]],
    ['cut anywhere', [one.slice(0, 9), one.slice(9) + one.slice(0, 3), one.slice(3), done.slice(0, 8), done.slice(8)]],
    ['with a comment at its end', [one, done, ': bye\n\n']],
  ])('is whole, %s', async (_, pieces) => {
    expect(await read(relayEvents(streamOf(pieces), never))).toBe(pieces.join(''))
  })
  test('with lines that end in two letters is whole too', async () => {
    const text = (one + done).replaceAll('\n', '\r\n')
    expect(await read(relayEvents(pulled([text.slice(0, -1), '\n']), never))).toBe(text)
  })
  test.each([
    ['breaks', [one, one.slice(0, 20)], new Error('socket hang up')],
    ['ends without its last word', [one, one], undefined],
    ['ends in the middle of an event', [one, one.slice(0, 20)], undefined],
    ['never says a thing', [], undefined],
  ])('that %s ends with an error event and nothing half', async (_, pieces, end) => {
    const text = await read(relayEvents(pulled(pieces, end), never))
    const events = text.split('\n\n').filter(Boolean)
    expect(events.slice(0, -1).every((event) => `${event}\n\n` === one)).toBe(true)
    expect(JSON.parse((events.at(-1) as string).slice('data: '.length))).toMatchObject({
      error: { code: 'stream_broken', type: 'server_error', message: expect.stringContaining('ask again') },
    })
    expect(text).not.toContain('[DONE]')
  })
  test('that told its own error ends with that', async () => {
    const failed = 'data: {"error":{"code":"engine_crashed"}}\n\n'
    expect(await read(relayEvents(pulled([one, failed]), never))).toBe(one + failed)
  })
  test('is read no faster than its client reads, and left when the client leaves', async () => {
    let [given, cancelled] = [0, false]
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          given += 1
          controller.enqueue(bytes(one))
        },
        cancel: () => {
          cancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    let gone = false
    const reader = relayEvents(body, () => {
      gone = true
    }).getReader()
    await reader.read()
    expect(given).toBeLessThanOrEqual(2)
    await reader.cancel()
    expect([gone, cancelled]).toEqual([true, true])
  })
})

test('a refusal between this server and its worker is not told as the caller’s', () => {
  expect(() => relay(new Response('{}', { status: 401 }), never)).toThrow(/refused this server/)
})
test('a worker’s own error goes through with its status and when to ask again', async () => {
  const answer = new Response('{"error":{}}', {
    status: 429,
    headers: { 'content-type': 'application/json', 'retry-after': '3', 'x-other': 'a' },
  })
  const passed = relay(answer, never)
  expect([passed.status, passed.headers.get('retry-after'), passed.headers.get('x-other')]).toEqual([429, '3', null])
  expect(await passed.text()).toBe('{"error":{}}')
})
