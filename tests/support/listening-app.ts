import OpenAI from 'openai'
import { listen } from '#server/listen.ts'
import type { TestApp } from './open-app.ts'
import { adminToken } from './open-app.ts'

/** An app on a port of its own, for clients that insist on one. */
export const listening = async (app: TestApp) => {
  const server = await listen('127.0.0.1', 0, (request, bindings) => app.app.fetch(request, bindings))
  return {
    url: server.url,
    /** The official client, with a key. */
    client: (apiKey: string = adminToken) => new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 }),
    stop: () => {
      server.close()
      server.cut()
    },
  }
}
export type Listening = Awaited<ReturnType<typeof listening>>

/** What a call of the client was refused with. */
export const refused = async (call: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> => {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (error instanceof OpenAI.APIError) return error
  throw new Error(`The call was not refused by the server: ${String(error)}`, { cause: error })
}
