import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Context } from 'hono'
import { describe, expect, test } from 'vitest'
import { relay, relayEvents } from './relay.ts'

/** A body that comes in these pieces, and then ends or breaks. */
const bodyOf = (pieces: readonly string[], end?: Error) => {
  const left = [...pieces]
  return new Readable({
    read() {
      const piece = left.shift()
      if (piece !== undefined) this.push(Buffer.from(piece))
      else if (end) this.destroy(end)
      else this.push(null)
    },
  })
}
const relayed = (body: Readable): Promise<string> => {
  const out = new PassThrough()
  relayEvents(body, out)
  return text(out)
}
const one = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
const done = 'data: [DONE]\n\n'

describe('a stream that is passed on', () => {
  test.each([
    ['as it came', [one, one, done]],
    ['cut anywhere', [one.slice(0, 9), one.slice(9) + one.slice(0, 3), one.slice(3), done.slice(0, 8), done.slice(8)]],
    ['with a comment at its end', [`${one}${done}: bye\n\n`]],
    ['with a comment that looks like its end', [one, ': [DONE]\n\n', one, done]],
  ])('is whole, %s', async (_, pieces) => {
    expect(await relayed(bodyOf(pieces))).toBe(pieces.join(''))
  })
  test('with lines that end in two letters is whole too', async () => {
    const whole = (one + done).replaceAll('\n', '\r\n')
    expect(await relayed(bodyOf([whole.slice(0, -1), '\n']))).toBe(whole)
  })
  test('has ended when it says so, whatever its worker does then', async () => {
    expect(await relayed(bodyOf([one, done], new Error('socket hang up')))).toBe(one + done)
  })
  test.each([
    ['breaks', [one, one.slice(0, 20)], new Error('socket hang up')],
    ['ends without its last word', [one, one], undefined],
    ['ends in the middle of an event', [one, one.slice(0, 20)], undefined],
    ['ends with a comment that looks like its last word', [one, ': [DONE]\n\n'], undefined],
    ['never says a thing', [], undefined],
  ])('that %s ends with an error event and nothing half', async (_, pieces, end) => {
    const all = await relayed(bodyOf(pieces, end))
    const events = all.split('\n\n').filter((event) => event.startsWith('data:'))
    expect(events.slice(0, -1).every((event) => `${event}\n\n` === one)).toBe(true)
    expect(JSON.parse((events.at(-1) as string).slice('data: '.length))).toMatchObject({
      error: { code: 'stream_broken', type: 'server_error', message: expect.stringContaining('ask again') },
    })
    expect(all).not.toContain('data: [DONE]')
  })
  test('that told its own error ends with that', async () => {
    const failed = 'data: {"error":{"code":"engine_crashed"}}\n\n'
    expect(await relayed(bodyOf([one, failed]))).toBe(one + failed)
  })
  test('is read no faster than its client reads, and left when the client leaves', async () => {
    let given = 0
    const body = new Readable({
      highWaterMark: 0,
      read() {
        given += 1
        this.push(Buffer.from(one))
      },
    })
    const out = new PassThrough({ highWaterMark: 4 * one.length })
    relayEvents(body, out)
    await once(out, 'readable')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(given).toBeLessThan(20)
    out.destroy()
    await once(body, 'close')
    expect(body.destroyed).toBe(true)
  })
})

/** A request that came without a socket. */
const context = {} as Context
test('a refusal between this server and its worker is not told as the caller’s', () => {
  const body = Readable.from(['{}'])
  expect(() => relay(context, { status: 401, headers: {}, body })).toThrow(/refused this server/)
  expect(body.destroyed).toBe(true)
})
test('an answer that is not streamed keeps its status and type', async () => {
  const headers = { 'content-type': 'application/json', 'retry-after': '3', 'x-own': 'secret' }
  const response = relay(context, { status: 429, headers, body: Readable.from([Buffer.from('{"error":1}')]) })
  expect([response.status, await response.json()]).toEqual([429, { error: 1 }])
  expect(Object.fromEntries(response.headers)).toMatchObject({ 'retry-after': '3', 'content-type': 'application/json' })
  expect(response.headers.has('x-own')).toBe(false)
})
