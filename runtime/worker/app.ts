import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { z } from 'zod'
import { type DesiredModel, desiredModel } from '../dispatch/protocol.ts'
import { asGeneration, chunks, complete } from './chat.ts'
import { asEmbedding, embeddingList } from './embeddings.ts'
import type { Engine, ProxiedCall } from './engines/engine.ts'
import { asWorkerError, WorkerError } from './errors.ts'
import type { Log } from './log.ts'
import { chatRequest, embeddingsRequest, type Health, type ModelList } from './protocol.ts'
import { eventStream } from './sse.ts'

export type WorkerAppOptions = {
  engine: Engine
  /** Every call must carry it as a bearer token. */
  token: string
  /** True once the worker was told to stop: it finishes what runs and takes nothing new. */
  draining?: () => boolean
  /** Fetches the files of a model and adds it to the engine. It is not waited for: `/health` tells when the model is there. */
  ensureModel?: (desired: DesiredModel) => Promise<void>
  removeModel?: (id: string) => Promise<void>
  /** Hears of every call to a model. */
  onCall?: (model: string) => void
  log: Log
}

const digest = (text: string) => createHash('sha256').update(text).digest()

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new WorkerError('invalid_body', 'The body is not JSON.', { cause })
  }
}
const parse = <S extends z.ZodType>(schema: S, body: unknown): z.output<S> => {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') || null
  throw new WorkerError('invalid_body', `${place ?? 'body'}: ${issue?.message}`, { param: place })
}
const modelOf = (body: unknown): string | undefined => {
  const model = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
  return typeof model === 'string' ? model : undefined
}

/** The worker's HTTP contract: OpenAI's, with `/health` and `/models` beside it. */
export const createWorkerApp = ({
  engine,
  token,
  draining = () => false,
  ensureModel,
  removeModel,
  onCall,
  log,
}: WorkerAppOptions): Hono => {
  const app = new Hono()
  const expected = digest(`Bearer ${token}`)
  /** A call to a model: its body, and the whole answer where the model is behind another server, which judges the rest. */
  const receive = async (request: Request, path: ProxiedCall['path']) => {
    if (draining()) throw new WorkerError('draining', 'This worker is stopping. Use another one.')
    const text = await request.text()
    const body = asJson(text)
    const model = modelOf(body)
    if (model !== undefined) onCall?.(model)
    const proxied = model && engine.proxy ? await engine.proxy({ path, model, body: text }, request.signal) : undefined
    return { body, proxied }
  }

  app.onError((error, c) => {
    const known = asWorkerError(error)
    if (known.code === 'internal' && !c.req.raw.signal.aborted) log('error', known.message, { stack: error.stack })
    return new Response(JSON.stringify(known), {
      status: known.status,
      headers: {
        'content-type': 'application/json',
        ...(known.retryAfter !== undefined && { 'retry-after': String(known.retryAfter) }),
      },
    })
  })
  app.notFound((c) =>
    c.json(new WorkerError('invalid_body', `There is nothing at ${c.req.method} ${c.req.path}.`).toJSON(), 404),
  )
  app.use(async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected))
      throw new WorkerError('invalid_api_key', 'The bearer token is missing or wrong.')
    await next()
  })
  app.use(
    bodyLimit({
      maxSize: 20_000_000,
      onError: () => {
        throw new WorkerError('invalid_body', 'The body is larger than 20 MB. Shorten the messages.')
      },
    }),
  )

  app.get('/health', async (c) => {
    const models = await engine.models()
    const running = models.reduce((sum, model) => sum + model.running, 0)
    const waiting = models.reduce((sum, model) => sum + model.waiting, 0)
    const kvUse = engine.kvUse()
    return c.json<Health>({
      state: draining() ? 'draining' : 'ready',
      load: (running + waiting) / Math.max(1, engine.capacity()),
      running,
      waiting,
      capacity: engine.capacity(),
      ...(kvUse !== undefined && { kvUse }),
      models,
    })
  })
  app.get('/v1/models', async (c) =>
    c.json<ModelList>({
      object: 'list',
      data: (await engine.models()).map(({ id }) => ({ id, object: 'model', created: 0, owned_by: 'local' })),
    }),
  )
  app.post('/v1/chat/completions', async (c) => {
    const { body, proxied } = await receive(c.req.raw, '/chat/completions')
    if (proxied) return proxied
    const request = parse(chatRequest, body)
    const pieces = engine.generate(asGeneration(request), c.req.raw.signal)
    if (!request.stream) return c.json(await complete(request.model, pieces))
    const values = chunks(request.model, pieces, request.stream_options?.include_usage === true)
    // Until the first chunk is there a failure still has its own status.
    const first = await values.next()
    if (first.done) throw new WorkerError('internal', 'The engine gave no answer.')
    return new Response(eventStream(first.value, values), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
    })
  })
  app.post('/v1/embeddings', async (c) => {
    const { body, proxied } = await receive(c.req.raw, '/embeddings')
    if (proxied) return proxied
    const request = parse(embeddingsRequest, body)
    return c.json(embeddingList(request, await engine.embed(asEmbedding(request), c.req.raw.signal)))
  })
  app.put('/models/:id', async (c) => {
    if (!ensureModel) throw new WorkerError('not_implemented', 'This worker does not fetch models.')
    const desired = parse(desiredModel, asJson(await c.req.text()))
    if (desired.id !== c.req.param('id'))
      throw new WorkerError('invalid_body', 'The id of the body is not that of the address.', { param: 'id' })
    ensureModel(desired).catch((error: unknown) =>
      log('error', 'a model could not be made ready', { model: desired.id, reason: asWorkerError(error).message }),
    )
    return c.body(null, 202)
  })
  app.delete('/models/:id', async (c) => {
    if (!removeModel) throw new WorkerError('not_implemented', 'This worker does not remove models.')
    removeModel(c.req.param('id')).catch((error: unknown) =>
      log('error', 'a model could not be removed', { reason: asWorkerError(error).message }),
    )
    return c.body(null, 202)
  })
  return app
}
