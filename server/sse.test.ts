import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { Hono } from 'hono'
import { describe, expect, test, vi } from 'vitest'
import { type ServerEvent, sendEvents } from './sse.ts'

const appOf = (source: (signal: AbortSignal) => AsyncIterable<ServerEvent>) =>
  new Hono().get('/', (c) => sendEvents(c, source, (error) => ({ event: 'error', data: String(error) })))

const parse = (text: string): EventSourceMessage[] => {
  const messages: EventSourceMessage[] = []
  createParser({ onEvent: (message) => messages.push(message) }).feed(text)
  return messages
}

describe('server-sent events', () => {
  test('go out whole, with lines and other scripts', async () => {
    const response = await appOf(async function* () {
      yield { event: 'delta', data: 'one\ntwo ✓', id: '1' }
      yield { data: '{"a":1}' }
    }).request('/')
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(parse(await response.text())).toEqual([
      { event: 'delta', data: 'one\ntwo ✓', id: '1' },
      { event: undefined, data: '{"a":1}', id: undefined },
    ])
  })
  test('a source that fails ends with an error event', async () => {
    const response = await appOf(async function* () {
      yield { data: 'one' }
      throw new Error('broke')
    }).request('/')
    expect(parse(await response.text()).map(({ event, data }) => [event, data])).toEqual([
      [undefined, 'one'],
      ['error', 'Error: broke'],
    ])
  })
  test('a client that leaves aborts the source', async () => {
    let left: (reason: string) => void = () => undefined
    const over = new Promise<string>((resolve) => {
      left = resolve
    })
    const response = await appOf(async function* (signal) {
      try {
        yield { data: 'one' }
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      } finally {
        left(signal.aborted ? 'aborted' : 'ended')
      }
    }).request('/')
    const reader = (response.body as ReadableStream).getReader()
    await reader.read()
    await reader.cancel()
    expect(await over).toBe('aborted')
  })
  test('a source is not asked for more than the client takes', async () => {
    let made = 0
    const response = await appOf(async function* () {
      for (;;) yield { data: String(made++) }
    }).request('/')
    const reader = (response.body as ReadableStream).getReader()
    await reader.read()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(made).toBeLessThan(10)
    await reader.cancel()
  })
})
test('HEAD opens no source', async () => {
  const source = vi.fn(async function* () {
    yield { data: 'one' }
  })
  const response = await appOf(source).request('/', { method: 'HEAD' })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  expect(source).not.toHaveBeenCalled()
})
