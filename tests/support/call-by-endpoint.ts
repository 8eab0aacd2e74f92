import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import type { Endpoint } from '#nodes/define.ts'
import type { Router } from '#runtime/dispatch/router.ts'

/** Calls a model as a router does, but always at the endpoint that a test names. */
export const callByEndpoint =
  (endpoint: (model: string, signal: AbortSignal, workspace: string) => Promise<Endpoint>): Router['call'] =>
  async ({ workspace, model, path, body, signal }) => {
    const { url, model: name, token, fetch: ask = fetch } = await endpoint(model, signal, workspace)
    const {
      status,
      headers,
      body: answer,
    } = await ask(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ ...body, model: name }),
      signal,
    })
    return {
      status,
      headers: Object.fromEntries(headers),
      body: answer && Readable.fromWeb(answer as ReadableStream<Uint8Array>),
    }
  }
