import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { chatRequest } from '#runtime/worker/protocol.ts'
import type { ApiEnv, Principal } from '../auth.ts'
import { checkJsonType, decode, parseJson, readBody } from '../body.ts'
import { attach, describe } from '../describe.ts'
import type { Parts } from '../parts.ts'
import { asOpenAiError, OpenAiError } from './errors.ts'
import { chunkStream } from './events.ts'
import { completeChat, type PipelineCall, startChat, streamChat } from './pipeline-chat.ts'
import { relay } from './relay.ts'
import type { Served } from './served.ts'

const bodyLimit = 20_000_000
const named = z.looseObject({ model: z.string().min(1).max(300), stream: z.boolean().nullish() })
type Named = z.infer<typeof named>

const modelObject = z.object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })
const modelList = z.object({ object: z.literal('list'), data: z.array(modelObject) })

/** Whether a key may call this name. Keys without a list may call all. */
const mayCall = ({ only }: Principal, name: string): boolean => only === undefined || only.includes(name)

const parse = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const param = issue?.path.join('.') || null
  throw new OpenAiError(400, 'invalid_value', `${param ?? 'The body'}: ${issue?.message}`, { param })
}

const readCall = async (c: Context): Promise<{ bytes: Uint8Array; body: Named }> => {
  checkJsonType(c)
  const bytes = await readBody(c, bodyLimit)
  return { bytes, body: parse(named, parseJson(decode(bytes))) }
}

const unknownModel = (name: string) =>
  new OpenAiError(404, 'model_not_found', `There is no deployment or model "${name}". GET /v1/models lists them.`, {
    param: 'model',
  })

/** The OpenAI-compatible side: deployments and the models of workers, by their names. */
export const openAiRoutes = (parts: Parts) => {
  const { guard, served, call, engine, models, stores, log } = parts
  const tenantOf = ({ key, workspace }: Principal): string => key ?? workspace

  /** @throws OpenAiError 403, 404 */
  const find = async (principal: Principal, name: string): Promise<Served> => {
    if (!mayCall(principal, name))
      throw new OpenAiError(
        403,
        'model_not_allowed',
        `This key may not call "${name}". GET /v1/models lists what it may.`,
        {
          param: 'model',
        },
      )
    // No deployment has such a name, so that the database need not be asked.
    if (/^(local|tuned):./.test(name)) return { kind: 'model', model: name }
    const found = await served.find(principal.workspace, name)
    if (found) return found
    throw unknownModel(name)
  }

  const callModel = async (
    c: Context<ApiEnv>,
    model: string,
    path: '/chat/completions' | '/embeddings',
    body: Named,
  ): Promise<Response> => {
    const { principal } = c.var
    const { workspace } = principal
    const { signal } = c.req.raw
    return relay(c, await call({ workspace, tenant: tenantOf(principal), model, path, body, signal }))
  }

  const callPipeline = async (c: Context<ApiEnv>, chat: PipelineCall): Promise<Response> => {
    const id = await startChat(engine, chat)
    const headers = { 'patchbay-run': id, 'cache-control': 'no-store' }
    const gone = new AbortController()
    const leave = () => {
      gone.abort()
      // Who sent a key means to ask again and to find this run's answer.
      if (chat.key === undefined)
        void engine
          .cancel(chat.workspace, id)
          .catch((error) => log('warn', 'a run of a caller who left could not be cancelled', { error, run: id }))
    }
    const client = c.req.raw.signal
    if (!chat.request.stream) {
      client.addEventListener('abort', leave, { once: true })
      // While the run was being started, nobody listened yet.
      if (client.aborted) leave()
      try {
        return c.json(await completeChat(engine, chat, id, gone.signal), 200, headers)
      } finally {
        client.removeEventListener('abort', leave)
      }
    }
    const values = streamChat(engine, chat, id, gone.signal)
    const stream = chunkStream(values, (error) => asOpenAiError(error, log), leave)
    return new Response(stream, {
      headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
    })
  }

  const listNames = async ({ workspace, ...rest }: Principal): Promise<string[]> => {
    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await stores.deployments.list(workspace, { limit: 200, cursor })
      names.push(...page.items.map(({ name }) => name))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    const own = (await models()).filter(({ id, ready }) => ready && /^(local|tuned):/.test(id)).map(({ id }) => id)
    return [...names, ...own].filter((name) => mayCall({ workspace, ...rest }, name))
  }
  const modelOf = (id: string) => ({ id, object: 'model' as const, created: 0, owned_by: 'patchbay' })

  const app = new Hono<ApiEnv>()
    .get(
      '/models',
      describe('List deployments and models that this key may call', {
        200: { description: 'As OpenAI lists models', schema: modelList },
      }),
      guard('serve'),
      async (c) => c.json({ object: 'list', data: (await listNames(c.var.principal)).map(modelOf) }),
    )
    .get(
      '/models/:model{.+}',
      describe('One of them', { 200: { description: 'As OpenAI tells a model', schema: modelObject } }),
      guard('serve'),
      async (c) => {
        const name = c.req.param('model')
        if (!(await listNames(c.var.principal)).includes(name)) throw unknownModel(name)
        return c.json(modelOf(name))
      },
    )
    .post(
      '/chat/completions',
      describe(
        'Chat with a deployment or a model, as with OpenAI',
        { 200: { description: 'The answer; with "stream": true server-sent events that end with [DONE]' } },
        { bodyType: 'application/json' },
      ),
      guard('serve'),
      async (c) => {
        const { bytes, body } = await readCall(c)
        const found = await find(c.var.principal, body.model)
        if (found.kind === 'model') return callModel(c, found.model, '/chat/completions', body)
        const key = c.req.header('idempotency-key')
        if (key !== undefined && (key === '' || key.length > 255))
          throw new OpenAiError(400, 'invalid_value', 'An Idempotency-Key has 1 to 255 characters.')
        const request = parse(chatRequest, body)
        const { workspace } = c.var.principal
        return callPipeline(c, { workspace, name: body.model, served: found, request, body: bytes, key })
      },
    )
    .post(
      '/embeddings',
      describe(
        'Embed texts with a model, as with OpenAI',
        { 200: { description: 'The vectors' } },
        { bodyType: 'application/json' },
      ),
      guard('serve'),
      async (c) => {
        const { body } = await readCall(c)
        const found = await find(c.var.principal, body.model)
        if (found.kind === 'model') return callModel(c, found.model, '/embeddings', body)
        throw new OpenAiError(
          400,
          'invalid_value',
          `"${body.model}" is a pipeline, which gives no vectors. Name a model.`,
          {
            param: 'model',
          },
        )
      },
    )
  app.all(
    '*',
    attach((c: Context) => {
      throw new OpenAiError(
        404,
        'not_found',
        `There is nothing at ${c.req.method} ${c.req.path}. /openapi.json lists all addresses.`,
      )
    }, {}),
  )
  app.onError((error) => asOpenAiError(error, log).toResponse())
  return app
}
