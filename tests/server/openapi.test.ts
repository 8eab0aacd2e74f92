import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { Example, Page, Saved } from '#server/api.ts'
import { openApiPath } from '#server/openapi.ts'
import { openApp, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

type Json = Record<string, unknown>
type Operation = {
  operationId: string
  summary: string
  parameters: { name: string; in: string }[]
  responses: Record<string, { content?: Record<string, { schema: Json }> }>
  security: Json[]
}
type Api = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

let app: TestApp
let api: Api
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }))
  api = await app.answer<Api>('GET', '/openapi.json', { as: null })
})
afterAll(() => app.stop())

const operations = () =>
  Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )

describe('/openapi.json', () => {
  test('names every address that the server answers under /api, and nothing else', () => {
    expect(api.openapi).toBe('3.1.0')
    const routes = new Set(
      app.app.routes
        .filter((route) => route.method !== 'ALL' && /^\/(api|hooks)\//.test(route.path))
        .map((route) => `${route.method} ${openApiPath(route.path)}`),
    )
    const told = operations()
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((line) => /\/(api|hooks)\//.test(line))
    expect(told.sort()).toEqual([...routes].sort())
  })
  test('every operation has a name of its own, says what it does and who may', () => {
    const names = operations().map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const { path, operation } of operations()) {
      expect([path, operation.summary.length > 5, Array.isArray(operation.security)]).toEqual([path, true, true])
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        expect(operation.parameters.map((one) => one.name)).toContain(name)
    }
  })
  test('every reference leads somewhere and every schema compiles', () => {
    const refs = [...JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) =>
      (match[1] as string).split('/'),
    )
    expect(refs.length).toBeGreaterThan(50)
    for (const ref of refs)
      expect([ref, ref.reduce<unknown>((part, key) => (part as Json)?.[key], api) !== undefined]).toEqual([ref, true])
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'https://patchbay.test/api', ...api })
    for (const name of Object.keys(api.components.schemas))
      ajv.compile({ $ref: `https://patchbay.test/api#/components/schemas/${name}` })
  })
  test('what the server really answers fits what it says', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'https://patchbay.test/api', ...api })
    const echo = wire(
      {
        ask: { type: 'input', config: { fields: { q: 'text' } } },
        out: { type: 'output', config: { fields: { a: 'text' } } },
      },
      'ask.q > out.a',
    )
    const { id } = await app.create(echo)
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    await app.ask('POST', '/api/hooks', { body: { name: 'a', pipeline: id } })
    const run = await app.answer<{ id: string }>('POST', `/api/pipelines/${id}/runs?wait=20`, {
      body: { input: { q: 'x' } },
    })
    const calls: [path: string, described: string][] = [
      ['/api/pipelines', '/api/pipelines'],
      [`/api/pipelines/${id}`, '/api/pipelines/{id}'],
      [`/api/pipelines/${id}/versions`, '/api/pipelines/{id}/versions'],
      [`/api/pipelines/${id}/versions/1`, '/api/pipelines/{id}/versions/{version}'],
      ['/api/runs', '/api/runs'],
      [`/api/runs/${run.id}`, '/api/runs/{id}'],
      [`/api/runs/${run.id}/steps`, '/api/runs/{id}/steps'],
      ['/api/hooks', '/api/hooks'],
      ['/api/catalogue', '/api/catalogue'],
      ['/api/examples', '/api/examples'],
      ['/api/session', '/api/session'],
    ]
    for (const [path, described] of calls) {
      const schema = api.paths[described]?.['get']?.responses['200']?.content?.['application/json']?.schema as {
        $ref: string
      }
      const fits = ajv.compile({ $ref: `https://patchbay.test/api${schema.$ref}` })
      const answer = await app.answer('GET', path)
      expect([path, fits(answer) || fits.errors]).toEqual([path, true])
    }
  })
})

describe('examples', () => {
  test('are listed with their documents and copied with their files', async () => {
    const { items } = await app.answer<Page<Example>>('GET', '/api/examples')
    expect(items.map((example) => example.id)).toContain('ticket-triage')
    for (const example of items) {
      const copy = await app.answer<Saved>('POST', `/api/examples/${example.id}`)
      expect([example.id, copy.name, copy.findings.filter((finding) => finding.level === 'error')]).toEqual([
        example.id,
        example.document.name,
        [],
      ])
    }
    expect((await app.ask('POST', '/api/examples/..%2Fdocs')).status).toBe(404)
  })
})
