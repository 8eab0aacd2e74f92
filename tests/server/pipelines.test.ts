import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#runtime/store/open-database.ts'
import type { Page, Pipeline, PipelineSummary, Saved, Version } from '#server/api.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
const halfWired = wire({ out: { type: 'output', config: { fields: { a: 'text' } } } })

let app: TestApp
beforeAll(async () => {
  app = await openApp(await openDatabase({ memory: true }))
})
afterAll(() => app.stop())

describe('pipelines', () => {
  test('what is saved is read, listed, exported and deleted', async () => {
    const created = await app.ask('POST', '/api/pipelines', { body: { document: { ...echo, name: 'Echo ✓' } } })
    expect(created.status).toBe(201)
    const saved = (await created.json()) as Saved
    expect(saved).toMatchObject({ name: 'Echo ✓', revision: 1, findings: [] })
    expect(created.headers.get('location')).toBe(`/api/pipelines/${saved.id}`)

    const read = await app.answer<Pipeline>('GET', `/api/pipelines/${saved.id}`)
    expect(read).toMatchObject({ id: saved.id, name: 'Echo ✓', revision: 1, version: null, files: [], findings: [] })
    const list = await app.answer<Page<PipelineSummary>>('GET', '/api/pipelines')
    expect(list.items.find((one) => one.id === saved.id)).toMatchObject({ nodes: 2, lastRuns: [], version: null })

    expect((await app.ask('DELETE', `/api/pipelines/${saved.id}`)).status).toBe(204)
    expect((await app.ask('GET', `/api/pipelines/${saved.id}`)).status).toBe(404)
    expect((await app.ask('DELETE', `/api/pipelines/${saved.id}`)).status).toBe(404)
  })

  test('export, import and export again give the same bytes', async () => {
    const { id } = await app.create(echo)
    const first = await app.ask('GET', `/api/pipelines/${id}/export`)
    expect(first.headers.get('content-disposition')).toContain('filename="Test.json"')
    const text = await first.text()
    const again = await app.create(JSON.parse(text))
    expect(await (await app.ask('GET', `/api/pipelines/${again.id}/export`)).text()).toBe(text)
  })

  test('a half-wired document is saved with findings and refused on publish', async () => {
    const { id, findings } = await app.create(halfWired)
    expect(findings.map((finding) => finding.code)).toContain('input-missing')
    const problem = await problemOf(await app.ask('POST', `/api/pipelines/${id}/publish`))
    expect(problem).toMatchObject({ status: 422, code: 'findings' })
    expect(problem.findings?.[0]).toMatchObject({ code: 'input-missing', node: 'out' })
    expect(await app.answer<Page<Version>>('GET', `/api/pipelines/${id}/versions`)).toEqual({ items: [], next: null })
  })

  test('saving needs the revision that was changed', async () => {
    const { id } = await app.create(echo)
    const put = (revision: string | undefined, name: string) =>
      app.ask('PUT', `/api/pipelines/${id}`, {
        body: { document: { ...echo, name } },
        ...(revision !== undefined && { headers: { 'if-match': revision } }),
      })
    expect(await problemOf(await put(undefined, 'A'))).toMatchObject({ status: 428, code: 'revision-missing' })
    expect(await problemOf(await put('soon', 'A'))).toMatchObject({ status: 428 })
    const saved = await put('"1"', 'A')
    expect([saved.status, saved.headers.get('etag')]).toEqual([200, '"2"'])
    const conflict = await problemOf(await put('1', 'B'))
    expect(conflict).toMatchObject({ status: 412, code: 'revision-conflict', current: { revision: 2 } })
    expect(conflict.current).toHaveProperty('document.name', 'A')
    expect((await app.answer<Pipeline>('GET', `/api/pipelines/${id}`)).name).toBe('A')
  })

  test('two saves of the same revision at once: one wins', async () => {
    const { id } = await app.create(echo)
    const put = (name: string) =>
      app.ask('PUT', `/api/pipelines/${id}`, { body: { document: { ...echo, name } }, headers: { 'if-match': '1' } })
    const statuses = (await Promise.all(['A', 'B', 'C'].map(put))).map((response) => response.status)
    expect(statuses.sort()).toEqual([200, 412, 412])
  })

  test('versions count up, stay as they were, and hold no pins', async () => {
    const pinned = {
      ...echo,
      nodes: echo.nodes.map((node) => (node.id === 'ask' ? { ...node, pin: { q: 'x' } } : node)),
    }
    const { id } = await app.create(pinned)
    const first = await app.ask('POST', `/api/pipelines/${id}/publish`, { body: { note: 'one' } })
    expect(first.status).toBe(201)
    expect(await first.json()).toMatchObject({ version: 1, note: 'one' })
    await app.ask('PUT', `/api/pipelines/${id}`, {
      body: { document: { ...echo, name: 'Later' } },
      headers: { 'if-match': '1' },
    })
    expect(await app.answer<Version>('POST', `/api/pipelines/${id}/publish`)).toMatchObject({ version: 2 })
    const one = await app.answer<Pipeline>('GET', `/api/pipelines/${id}/versions/1`)
    expect(one.document.name).toBe('Test')
    expect(JSON.stringify(one.document)).not.toContain('pin')
    expect((await app.ask('GET', `/api/pipelines/${id}/versions/3`)).status).toBe(404)
    expect((await app.answer<Pipeline>('GET', `/api/pipelines/${id}`)).version).toBe(2)
  })

  test('a draft that was saved since is refused on publish and makes no version', async () => {
    const { id } = await app.create(echo)
    await app.ask('PUT', `/api/pipelines/${id}`, {
      body: { document: { ...echo, name: 'Later' } },
      headers: { 'if-match': '1' },
    })
    const publish = (revision: number) => app.ask('POST', `/api/pipelines/${id}/publish`, { body: { revision } })
    expect(await problemOf(await publish(1))).toMatchObject({ status: 412, code: 'revision-conflict' })
    expect(await app.answer<Page<Version>>('GET', `/api/pipelines/${id}/versions`)).toMatchObject({ items: [] })
    expect((await publish(2)).status).toBe(201)
  })

  test('pages go through all pipelines once', async () => {
    const seen: string[] = []
    let next: string | null = null
    do {
      const query: string = next === null ? '' : `&cursor=${next}`
      const page: Page<PipelineSummary> = await app.answer('GET', `/api/pipelines?limit=2${query}`)
      expect(page.items.length).toBeLessThanOrEqual(2)
      seen.push(...page.items.map((one) => one.id))
      next = page.next
    } while (next)
    const all = await app.answer<Page<PipelineSummary>>('GET', '/api/pipelines?limit=200')
    expect(seen).toEqual(all.items.map((one) => one.id))
    expect(seen.length).toBeGreaterThan(3)
  })
})

describe('files of a pipeline', () => {
  test('are uploaded, listed, read and removed, with Korean names and folders', async () => {
    const { id } = await app.create(echo)
    const path = `/api/pipelines/${id}/files/handbook/${encodeURIComponent('규정.md')}`
    const put = await app.ask('PUT', path, { body: '# 휴가', headers: { 'content-type': 'text/markdown' } })
    expect(await put.json()).toMatchObject({ path: 'handbook/규정.md', bytes: 8 })
    const read = await app.ask('GET', path)
    expect(await read.text()).toBe('# 휴가')
    expect(read.headers.get('content-type')).toBe('application/octet-stream')
    expect((await app.answer<Pipeline>('GET', `/api/pipelines/${id}`)).files).toMatchObject([
      { path: 'handbook/규정.md' },
    ])
    expect((await app.ask('DELETE', path)).status).toBe(204)
    expect((await app.ask('GET', path)).status).toBe(404)
  })

  test.each(['%2e%2e/x', 'a/%2e%2e/%2e%2e/b', 'a//b', 'a%00b', 'a%5Cb', '%ff', ''])(
    'the path "%s" is refused',
    async (path) => {
      const { id } = await app.create(echo)
      const response = await app.ask('PUT', `/api/pipelines/${id}/files/${path}`, { body: 'x' })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(response.status).toBeLessThan(500)
      expect((await app.answer<Pipeline>('GET', `/api/pipelines/${id}`)).files).toEqual([])
    },
  )

  test('go along with a copy, which keeps them when the first one is deleted', async () => {
    const { id } = await app.create(echo)
    await app.ask('PUT', `/api/pipelines/${id}/files/notes/a.md`, { body: 'Refunds take a day.' })
    const documents = { ...echo, resources: { notes: { kind: 'index' as const, files: ['notes/a.md'] } } }
    const copy = await app.answer<Saved>('POST', '/api/pipelines', { body: { document: documents, from: id } })
    const { files } = await app.answer<Pipeline>('GET', `/api/pipelines/${copy.id}`)
    expect(files).toMatchObject([{ path: 'notes/a.md', bytes: 19 }])
    await app.ask('DELETE', `/api/pipelines/${id}`)
    expect(await (await app.ask('GET', `/api/pipelines/${copy.id}/files/notes/a.md`)).text()).toBe(
      'Refunds take a day.',
    )
  })

  test('of a pipeline that does not exist make no copy', async () => {
    const count = async () => (await app.answer<Page<PipelineSummary>>('GET', '/api/pipelines?limit=200')).items.length
    const before = await count()
    for (const from of ['01a20a92-54e5-7ef8-944e-8f3e7ecc88fa', 'nothing']) {
      const response = await app.ask('POST', '/api/pipelines', { body: { document: echo, from } })
      expect(await problemOf(response)).toMatchObject({ status: 404 })
    }
    expect(await count()).toBe(before)
  })

  test('a file of a pipeline that does not exist is not kept', async () => {
    const response = await app.ask('PUT', '/api/pipelines/01a20a92-54e5-7ef8-944e-8f3e7ecc88fa/files/x', { body: 'x' })
    expect(response.status).toBe(404)
  })
})
