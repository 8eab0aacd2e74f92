import { hash } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Page, RunDetail, StepRecord } from '../api.ts'
import type { ApiEnv, Principal } from '../auth.ts'
import { describe } from '../describe.ts'
import { ApiError, notFound } from '../errors.ts'
import { idOf } from '../ids.ts'
import { inputLimit, jsonBody, queryOf } from '../input.ts'
import { readInput, refuseErrors } from '../judge.ts'
import { manifestOf } from '../manifest.ts'
import type { Parts } from '../parts.ts'
import { listQuery, pageOf, run, runDetail, statuses, step } from '../schemas.ts'

const starting = z.object({
  /** Read against the pipeline's fields, which only it knows. */
  input: z.unknown(),
  version: z.union([z.literal('latest'), z.int().min(1)]).optional(),
  /** The draft that is meant: one that was saved since is refused, not run unseen. */
  revision: z.int().min(1).optional(),
})
const waiting = z.object({ wait: z.coerce.number().min(0).max(600).optional() })
const runsQuery = listQuery.extend({ pipeline: z.string().optional(), status: z.enum(statuses).optional() })
const stepsQuery = listQuery.extend({ node: z.string().max(64).optional() })
const started = z.object({ id: z.string() })

/** Same key, same body: the same run. */
const idempotencyOf = (c: Context, pipeline: string, body: unknown) => {
  const key = c.req.header('idempotency-key')
  if (key === undefined || key === '') return undefined
  if (key.length > 255) throw new ApiError('bad-request', 'The Idempotency-Key is longer than 255 characters.')
  return { trigger: `api:${pipeline}`, key, bodyDigest: hash('sha256', JSON.stringify(body)) }
}

/** `POST /api/pipelines/:id/runs` */
export const startRoutes = ({ guard, judge, engine, stores: { pipelines } }: Parts) => {
  /** The draft as it is now, or a published version, which never changes. */
  const snapshot = async (
    { workspace }: Principal,
    id: string,
    { version, revision }: Pick<z.infer<typeof starting>, 'version' | 'revision'>,
  ) => {
    if (version !== undefined) {
      const found = await pipelines.version(workspace, id, version)
      if (!found) throw notFound('version')
      return { version: found.version, document: found.document, files: found.files }
    }
    const draft = await pipelines.get(workspace, id)
    if (!draft) throw notFound('pipeline')
    if (revision !== undefined && revision !== draft.revision)
      throw new ApiError(
        'revision-conflict',
        `The pipeline is at revision ${draft.revision}, not ${revision}. Look at what was saved since and run that.`,
      )
    return { document: draft.document, files: manifestOf(draft.files) }
  }
  return new Hono<ApiEnv>().post(
    '/:id/runs',
    describe('Run a version, or the draft as it is now', {
      200: { description: 'With ?wait: the run, finished', schema: run },
      202: { description: 'Accepted; it will reach exactly one end', schema: started },
    }),
    guard('run'),
    queryOf(waiting),
    jsonBody(starting, inputLimit),
    async (c) => {
      const { principal } = c.var
      const id = idOf(c.req.param('id'), 'pipeline')
      const { input, ...which } = c.req.valid('json')
      const of = await snapshot(principal, id, which)
      const { lifted, findings } = judge(of.document, Object.keys(of.files))
      refuseErrors(findings, 'run')
      const idempotency = idempotencyOf(c, id, c.req.valid('json'))
      const accepted = await engine.start({
        workspace: principal.workspace,
        pipeline: id,
        ...of,
        input: readInput(lifted, input ?? {}, '/input'),
        trigger: principal.by === 'session' ? 'manual' : 'api',
        ...(idempotency && { idempotency }),
      })
      const { wait } = c.req.valid('query')
      const finished = wait === undefined ? undefined : await engine.wait(accepted.id, wait * 1000, c.req.raw.signal)
      const headers = { location: `/api/runs/${accepted.id}` }
      if (finished?.endedAt) return c.json<RunRecord, 200>(finished, 200, headers)
      return c.json({ id: accepted.id }, 202, headers)
    },
  )
}

export const runRoutes = ({ guard, engine, stores: { runs } }: Parts) =>
  new Hono<ApiEnv>()
    .get(
      '/',
      describe('List runs, newest first', { 200: { description: 'A page', schema: pageOf(run) } }),
      guard('run'),
      queryOf(runsQuery),
      async (c) => {
        const { pipeline, ...paging } = c.req.valid('query')
        const of = pipeline === undefined ? {} : { pipeline: idOf(pipeline, 'pipeline') }
        return c.json<Page<RunRecord>>(await runs.list(c.var.principal.workspace, { ...paging, ...of }))
      },
    )
    .get(
      '/:id',
      describe('Read a run with its document and steps', { 200: { description: 'The run', schema: runDetail } }),
      guard('run'),
      async (c) => {
        const found = await runs.detail(c.var.principal.workspace, idOf(c.req.param('id'), 'run'))
        if (!found) throw notFound('run')
        return c.json<RunDetail>(found)
      },
    )
    .get(
      '/:id/steps',
      describe('List the steps of a run: one per node, or one per item of a mapped node', {
        200: { description: 'A page', schema: pageOf(step) },
      }),
      guard('run'),
      queryOf(stepsQuery),
      async (c) => {
        const { workspace } = c.var.principal
        const id = idOf(c.req.param('id'), 'run')
        if (!(await runs.get(workspace, id))) throw notFound('run')
        return c.json<Page<StepRecord>>(await runs.steps(workspace, id, c.req.valid('query')))
      },
    )
    .post(
      '/:id/cancel',
      describe('Cancel a run', {
        202: {
          description: 'It ends as cancelled, or had ended already',
          schema: z.object({ id: z.string(), cancelled: z.boolean() }),
        },
      }),
      guard('run'),
      async (c) => {
        const { workspace } = c.var.principal
        const id = idOf(c.req.param('id'), 'run')
        if (!(await runs.get(workspace, id))) throw notFound('run')
        return c.json({ id, cancelled: await engine.cancel(workspace, id) }, 202)
      },
    )
