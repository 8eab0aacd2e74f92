import { createParser, type EventSourceMessage } from 'eventsource-parser'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Problem } from '../api.ts'

/** A server's API as a program calls it. */
export type ExampleClient = {
  url: string
  ask: <Body>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Body>
  /** Tells the events of a run until it has ended. */
  follow: (run: string, told: (event: RunEvent) => void) => Promise<RunRecord>
}

/** @example const { id } = await exampleClient(url, token).ask<Saved>('POST', '/api/examples/close-the-loop') */
export const exampleClient = (url: string, token: string): ExampleClient => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    const problem = (await response.json().catch(() => undefined)) as Problem | undefined
    throw new Error(`${method} ${path} was answered ${response.status}: ${problem?.detail ?? 'no reason was given.'}`)
  }
  const ask: ExampleClient['ask'] = async <Body>(method: string, path: string, body?: unknown) =>
    // The server's own types say what this address answers.
    (await (await send(method, path, body)).json()) as Body
  return {
    url,
    ask,
    follow: async (run, told) => {
      const { body } = await send('GET', `/api/runs/${run}/events`)
      const heard = (message: EventSourceMessage) => {
        if (message.event === 'error') throw new Error(`The events of the run broke off: ${message.data}`)
        told(JSON.parse(message.data) as RunEvent)
      }
      const parser = createParser({ onEvent: heard })
      const text = new TextDecoder()
      for await (const part of body ?? []) parser.feed(text.decode(part, { stream: true }))
      return ask<RunRecord>('GET', `/api/runs/${run}`)
    },
  }
}
