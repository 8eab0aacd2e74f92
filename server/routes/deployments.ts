import { hash, randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { NodeError } from '#nodes/errors.ts'
import { type Fault, rules } from '#runtime/pipeline/faults.ts'
import type { DeploymentInfo, Page } from '../api.ts'
import type { ApiEnv } from '../auth.ts'
import { describe } from '../describe.ts'
import { invalid, invalidAt, notFound } from '../errors.ts'
import { jsonBody, queryOf } from '../input.ts'
import type { Parts } from '../parts.ts'
import { deployment, listQuery, pageOf } from '../schemas.ts'

const fields = { input: z.string().min(1).max(200), output: z.string().min(1).max(200) }
const making = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A name has 1 to 63 small letters, digits or "-".'),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('model'), model: z.string().min(1).max(300) }),
    z.object({
      kind: z.literal('pipeline'),
      pipeline: z.uuid('This is the id of a pipeline.'),
      version: z.union([z.literal('latest'), z.int().min(1)]).default('latest'),
      ...fields,
    }),
  ]),
  note: z.string().max(1_000).optional(),
})
/** What the runtime refused of a target, at the field that it names. */
const faultOfTarget = ({ message, details: { at, rule: broken, ...values } }: NodeError): Fault => {
  const rule = rules.find((one) => one === broken)
  return {
    pointer: typeof at === 'string' ? `/target/${at}` : '/target',
    message,
    ...(rule && { rule, values: told.parse(values) }),
  }
}
const told = z.record(z.string(), z.union([z.string(), z.number()]))
const going = z.object({ revision: z.int().min(1) })

export const deploymentRoutes = ({ guard, served, checkTarget, stores: { deployments } }: Parts) => {
  /** @throws ApiError `not-found` */
  const read = async (workspace: string, name: string): Promise<DeploymentInfo> => {
    const found = await deployments.get(workspace, name)
    if (!found) throw notFound('deployment')
    return found
  }
  return new Hono<ApiEnv>()
    .get(
      '/',
      describe('List deployments', { 200: { description: 'With their revisions', schema: pageOf(deployment) } }),
      guard('run'),
      queryOf(listQuery),
      async (c) =>
        c.json<Page<DeploymentInfo>>(await deployments.list(c.var.principal.workspace, c.req.valid('query'))),
    )
    .post(
      '/',
      describe('Deploy a model or a published pipeline under a name', {
        201: { description: 'The deployment, its new revision live', schema: deployment },
      }),
      guard('edit'),
      jsonBody(making),
      async (c) => {
        const { workspace } = c.var.principal
        const { name, target, note } = c.req.valid('json')
        const checked = await checkTarget(workspace, target).catch((error: unknown) => {
          throw error instanceof NodeError ? invalidAt([faultOfTarget(error)]) : error
        })
        const sent = c.req.header('idempotency-key')
        // The same key with another wish is another call.
        const key = `call/${sent === undefined ? randomUUID() : hash('sha256', JSON.stringify([sent, name, checked]))}`
        const made = await deployments.deploy(workspace, { name, target: checked, note: note ?? null, key })
        if (!made) {
          throw invalid('/target', 'What should be deployed was deleted meanwhile.', { rule: 'deleted-meanwhile' })
        }
        served.forget(workspace, name)
        return c.json<DeploymentInfo, 201>(await read(workspace, name), 201, { location: `/api/deployments/${name}` })
      },
    )
    .get(
      '/:name',
      describe('Read a deployment', { 200: { description: 'With its revisions', schema: deployment } }),
      guard('run'),
      async (c) => c.json<DeploymentInfo>(await read(c.var.principal.workspace, c.req.param('name'))),
    )
    .post(
      '/:name/live',
      describe('Make a revision live, such as the one before', {
        200: { description: 'The deployment', schema: deployment },
      }),
      guard('edit'),
      jsonBody(going),
      async (c) => {
        const { workspace } = c.var.principal
        const name = c.req.param('name')
        const { revision } = c.req.valid('json')
        const done = await deployments.goLive(workspace, name, revision)
        if (done === 'missing') throw notFound('deployment')
        const values = { revision }
        if (done === 'no-revision') {
          throw invalid('/revision', `The deployment has no revision ${revision}.`, { rule: 'no-revision', values })
        }
        if (done === 'gone') {
          const message = `What revision ${revision} served was deleted. Choose another revision.`
          throw invalid('/revision', message, { rule: 'revision-gone', values })
        }
        served.forget(workspace, name)
        return c.json<DeploymentInfo>(await read(workspace, name))
      },
    )
    .delete('/:name', describe('Delete a deployment', { 204: { description: 'Gone' } }), guard('edit'), async (c) => {
      const { workspace } = c.var.principal
      const name = c.req.param('name')
      if (!(await deployments.remove(workspace, name))) throw notFound('deployment')
      served.forget(workspace, name)
      return c.body(null, 204)
    })
}
