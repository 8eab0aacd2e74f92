import { hash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { checkJsonType, decode, parseJson, readBody } from '../body.ts'
import { describe } from '../describe.ts'
import { ApiError, invalid, notFound } from '../errors.ts'
import { inputLimit } from '../input.ts'
import { readInput } from '../judge.ts'
import { answerFailed } from '../outcome.ts'
import type { Parts } from '../parts.ts'
import type { HookPlan } from './plans.ts'
import { checkSignature } from './signature.ts'
import { streamRun } from './stream.ts'

/** A sender that waits longer has given up; the run goes on and can be looked at. */
const patience = 120_000

type Served = NonNullable<HookPlan['serves']>

/**
 * A sender's body is its own: fields that the pipeline does not name are left out, and a pipeline with one JSON field
 * that the body lacks gets the whole body there.
 */
const inputOf = ({ fields, lifted }: Served, body: unknown): Record<string, unknown> => {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const given: Record<string, unknown> = {}
  if (isObject) {
    for (const name of fields.keys())
      if (Object.hasOwn(body, name)) given[name] = (body as Record<string, unknown>)[name]
  }
  const [only] = [...fields].filter(([name]) => !Object.hasOwn(given, name))
  if (fields.size === 1 && only && (only[1].kind === 'json' || only[1].kind === 'any')) given[only[0]] = body
  else if (!isObject) throw invalid('', 'The body must be a JSON object with one value per input field.')
  return readInput(lifted, given, '')
}

const idempotencyKey = (c: Context, auth: string, body: unknown): string | undefined => {
  const key =
    c.req.header('webhook-id') ??
    c.req.header('idempotency-key') ??
    (auth === 'github' ? c.req.header('x-github-delivery') : undefined) ??
    (auth === 'stripe' ? (body as { id?: unknown } | null)?.id : undefined)
  if (typeof key !== 'string' || key === '') return undefined
  if (key.length > 255) throw new ApiError('bad-request', 'The idempotency key is longer than 255 characters.')
  return key
}

/** `POST /hooks/:name`: a signed call becomes exactly one run of what is published. Drafts are never served. */
export const hookCalls = ({ engine, plans, workspace, now, log }: Parts) =>
  new Hono().post(
    '/:name',
    describe(
      'Call a webhook',
      {
        200: { description: 'sync: the output of the run. stream: server-sent events delta and end, or error' },
        202: { description: 'async, or not finished yet: the id of the run' },
      },
      { scope: null, bodyType: 'application/json' },
    ),
    async (c) => {
      const plan = await plans.find(c.req.param('name'))
      if (!plan) throw notFound('webhook')
      const { hook, serves } = plan
      const bytes = await readBody(c, inputLimit)
      checkSignature(hook.auth, plan.key, { body: bytes, header: (name) => c.req.header(name), now: now() })
      if (!serves) {
        throw new ApiError('not-published', 'The pipeline of this webhook has no such version. Publish it first.')
      }
      if (bytes.byteLength > 0) checkJsonType(c)
      const body = bytes.byteLength === 0 ? {} : parseJson(decode(bytes))
      const key = idempotencyKey(c, hook.auth, body)
      const { id } = await engine.start({
        workspace,
        pipeline: hook.pipeline,
        version: serves.version,
        document: serves.document,
        files: serves.files,
        input: inputOf(serves, body),
        trigger: 'hook',
        ...(key !== undefined && {
          idempotency: { trigger: `hook:${hook.id}`, key, bodyDigest: hash('sha256', bytes) },
        }),
      })
      const headers = { 'patchbay-run': id }
      if (hook.mode === 'async') return c.json({ id }, 202, headers)
      if (hook.mode === 'stream') return streamRun(c, engine, id, log)
      const run = await engine.wait(id, patience)
      if (run?.status === 'succeeded') return c.json(run.output ?? {}, 200, headers)
      if (run?.status === 'failed' || run?.status === 'cancelled') throw answerFailed(run)
      return c.json({ id }, 202, headers)
    },
  )
