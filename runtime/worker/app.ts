import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { asGeneration, chunks, complete } from './chat.ts'
import type { Engine } from './engines/engine.ts'
import { asWorkerError, WorkerError } from './errors.ts'
import type { Log } from './log.ts'
import { chatRequest, type Health, type ModelList } from './protocol.ts'
import { eventStream } from './sse.ts'

export type WorkerAppOptions = {
  engine: Engine
  /** Every call must carry it as a bearer token. */
  token: string
  /** True once the worker was told to stop: it finishes what runs and takes nothing new. */
  draining?: () => boolean
  log: Log
}

const digest = (text: string) => createHash('sha256').update(text).digest()

const parseBody = async (request: Request) => {
  const body: unknown = await request.json().catch((cause) => {
    throw new WorkerError('invalid_body', 'The body is not JSON.', { cause })
  })
  const parsed = chatRequest.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') || null
  throw new WorkerError('invalid_body', `${place ?? 'body'}: ${issue?.message}`, { param: place })
}

/** The worker's HTTP contract: OpenAI's, with `/health` beside it. */
export const createWorkerApp = ({ engine, token, draining = () => false, log }: WorkerAppOptions): Hono => {
  const app = new Hono()
  const expected = digest(`Bearer ${token}`)

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
    return c.json<Health>({
      state: draining() ? 'draining' : 'ready',
      load: (running + waiting) / Math.max(1, engine.capacity()),
      running,
      waiting,
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
    if (draining()) throw new WorkerError('draining', 'This worker is stopping. Use another one.')
    const request = await parseBody(c.req.raw)
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
  app.post('/v1/embeddings', () => {
    throw new WorkerError(
      'not_implemented',
      'This worker does not compute embeddings yet. Use a hosted embedding model.',
    )
  })
  return app
}
