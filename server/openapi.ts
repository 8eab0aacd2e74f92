import type { Hono } from 'hono'
import { z } from 'zod'
import { type Description, descriptionOf } from './describe.ts'

type Json = Record<string, unknown>
type Operation = Description & { method: string; path: string }

/** `/runs/:id{[0-9]{9}}/*` as OpenAPI writes it: `/runs/{id}/{path}`. */
export const openApiPath = (path: string): string =>
  path
    .split('/')
    .map((part) => (part === '*' ? '{path}' : part.replace(/^:(\w+).*$/, '{$1}')))
    .join('/')

const operationsOf = (app: Hono): Operation[] => {
  const byRoute = new Map<string, Operation>()
  for (const route of app.routes) {
    const description = descriptionOf(route.handler)
    if (!description || route.method === 'ALL') continue
    const key = `${route.method} ${route.path}`
    byRoute.set(key, { ...byRoute.get(key), ...description, method: route.method.toLowerCase(), path: route.path })
  }
  return [...byRoute.values()].filter((operation) => operation.summary !== undefined)
}

/** `getPipelinesIdVersions` */
const nameOf = ({ method, path }: Operation): string =>
  [method, ...openApiPath(path).split(/\W+/)]
    .filter((word) => word !== '' && word !== 'api')
    .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')

const parametersOf = (operation: Operation): Json[] => {
  const inPath = [...openApiPath(operation.path).matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const from = (schema: z.ZodObject | undefined, place: string) =>
    Object.entries(schema?.shape ?? {}).map(([name, part]) => {
      const { $schema: _, ...rest } = z.toJSONSchema(part as z.ZodType, {
        io: 'output',
        unrepresentable: 'any',
      }) as Json
      return { name, in: place, required: !(part as z.ZodType).safeParse(undefined).success, schema: rest }
    })
  return [...inPath, ...from(operation.query, 'query'), ...from(operation.headers, 'header')]
}

const content = (schema: Json | undefined, type = 'application/json'): Json =>
  schema || type !== 'application/json' ? { content: { [type]: { schema: schema ?? {} } } } : {}

/** All schemas together, so that those with an `id` become one component each, and the recursive ones stay references. */
const componentsOf = (schemas: Map<z.ZodType, string>): Json => {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of schemas) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `#/components/schemas/${id}`,
  })
  // zod writes references into its shared part as `__shared#/$defs/x`; a pointer has one `#`.
  const text = JSON.stringify(made.schemas).replaceAll('__shared#/', '__shared/')
  const all = JSON.parse(text) as Record<string, Json>
  for (const schema of Object.values(all)) {
    delete schema.$id
    delete schema.$schema
  }
  return all
}

const describeOperation = (operation: Operation, refs: Map<z.ZodType, string>): Json => {
  const ref = (schema: z.ZodType | undefined) =>
    schema && { $ref: `#/components/schemas/${refs.get(schema) as string}` }
  const answers = Object.entries(operation.answers ?? {}).map(([status, answer]) => [
    status,
    { description: answer.description, ...content(ref(answer.schema), answer.type) },
  ])
  return {
    operationId: nameOf(operation),
    summary: operation.summary,
    ...(operation.details && { description: operation.details }),
    parameters: parametersOf(operation),
    ...((operation.body ?? operation.bodyType) && {
      requestBody: { required: true, ...content(ref(operation.body), operation.bodyType) },
    }),
    security: operation.scope ? [{ key: [operation.scope] }, { session: [] }] : [],
    responses: {
      ...Object.fromEntries(answers),
      default: {
        description: 'What went wrong and what to do',
        ...content(ref(problemSchema), 'application/problem+json'),
      },
    },
  }
}

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable and kebab-case'),
  detail: z.string(),
  errors: z
    .array(
      z.object({
        pointer: z.string(),
        message: z.string(),
        rule: z.string().optional(),
        values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      }),
    )
    .optional(),
  findings: z.array(z.looseObject({ code: z.string(), message: z.string() })).optional(),
})

/** The OpenAPI 3.1 document of an app, from what its routes say of themselves. `named` are schemas worth a name of their own. */
export const describeApi = (app: Hono, named: Record<string, z.ZodType>, version: string): Json => {
  const operations = operationsOf(app)
  const refs = new Map<z.ZodType, string>([[problemSchema, 'Problem']])
  for (const [name, schema] of Object.entries(named)) refs.set(schema, name)
  for (const operation of operations) {
    if (operation.body && !refs.has(operation.body)) refs.set(operation.body, `${nameOf(operation)}Body`)
    for (const [status, { schema }] of Object.entries(operation.answers ?? {})) {
      if (schema && !refs.has(schema)) refs.set(schema, `${nameOf(operation)}Answer${status}`)
    }
  }
  const paths: Record<string, Json> = {}
  for (const operation of operations) {
    const path = openApiPath(operation.path)
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation, refs) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Patchbay', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: componentsOf(refs),
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key with one of the scopes admin, edit, run, serve',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'patchbay', description: 'Set by the sign-in link' },
      },
    },
  }
}
