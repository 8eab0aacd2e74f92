import type { Endpoint } from '#nodes/define.ts'

/** A call of a model that a worker serves, by Patchbay's id of it. @throws NodeError `model-missing`, `no-worker` */
export type ModelCall = (request: {
  workspace: string
  /** Whose turn it is when many ask. */
  tenant: string
  /** `local:…` or `tuned:…` */
  model: string
  path: '/chat/completions' | '/embeddings'
  body: Record<string, unknown>
  signal: AbortSignal
}) => Promise<Response>

/** Calls by the endpoint that model nodes use. */
export const callByEndpoint =
  (endpoint: (model: string, signal: AbortSignal, workspace: string) => Promise<Endpoint>): ModelCall =>
  async ({ workspace, model, path, body, signal }) => {
    const { url, model: name, token, fetch: ask = fetch } = await endpoint(model, signal, workspace)
    return ask(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ ...body, model: name }),
      signal,
    })
  }
