import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rule } from '#runtime/pipeline/faults.ts'
import { keepModel } from '#runtime/store/models.ts'
import type { DeploymentInfo, Page, TunedModelInfo } from '#server/api.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { openApp, problemOf, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const fields = { question: 'text', size: 'number' }
const documents = {
  plain: wire(
    {
      ask: { type: 'input', config: { fields: { question: 'text' } } },
      out: { type: 'output', config: { fields: { answer: 'text', more: 'text' } } },
    },
    'ask.question > out.answer',
    'ask.question > out.more',
  ),
  sized: wire(
    { ask: { type: 'input', config: { fields } }, out: { type: 'output', config: { fields } } },
    'ask.question > out.question',
    'ask.size > out.size',
  ),
}
const file = { sha256: 'a'.repeat(64), mime: 'application/octet-stream', bytes: 1 }

eachDatabase('deployments over the API', (on) => {
  let app: TestApp
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    const database = await on.open()
    app = await openApp(database)
    for (const [name, document] of Object.entries(documents)) {
      ids[name] = (await app.create(document)).id
      await app.ask('POST', `/api/pipelines/${ids[name]}/publish`)
    }
    const model = { name: 'router', base: 'local:tiny', form: 'adapter' as const, files: { 'adapter.gguf': file } }
    const made = { dataDigest: 'd', settings: { rank: 8 }, metrics: { loss: 0.1 } }
    await keepModel(database, 'local', { ...model, ...made, job: '01a20a87-072b-7dd3-8a76-6a7a8530a4b1' }, null)
  })
  afterAll(async () => {
    await app.stop()
    await on.clean()
  })
  const put = (name: string, target: unknown, headers = {}) =>
    app.ask('POST', '/api/deployments', { body: { name, target }, headers })
  const pipeline = (name: string, input: string, output: string, version: number | 'latest' = 'latest') => ({
    kind: 'pipeline',
    pipeline: ids[name],
    version,
    input,
    output,
  })

  test('a deployment is made, renewed, taken back and deleted', async () => {
    expect((await put('one', { kind: 'model', model: 'tuned:router@1' })).status).toBe(201)
    expect((await put('one', pipeline('plain', 'question', 'answer'))).status).toBe(201)
    const { items } = await app.answer<Page<DeploymentInfo>>('GET', '/api/deployments')
    expect(items).toMatchObject([
      { name: 'one', revision: 2, target: { version: 1 }, revisions: [{ revision: 2 }, {}] },
    ])
    expect(
      await problemOf(await app.ask('POST', '/api/deployments/one/live', { body: { revision: 9 } })),
    ).toMatchObject({ code: 'invalid', status: 422 })
    const back = await app.answer<DeploymentInfo>('POST', '/api/deployments/one/live', { body: { revision: 1 } })
    expect(back).toMatchObject({ revision: 1, target: { kind: 'model', model: 'tuned:router@1' } })
    expect(await problemOf(await app.ask('DELETE', '/api/models/tuned/router'))).toMatchObject({ code: 'in-use' })
    expect((await app.ask('DELETE', '/api/deployments/one')).status).toBe(204)
    expect((await app.ask('GET', '/api/deployments/one')).status).toBe(404)
    expect((await app.ask('DELETE', '/api/deployments/one')).status).toBe(404)
  })

  test('a repeated call with a key makes one revision', async () => {
    const headers = { 'idempotency-key': 'k' }
    const model = { kind: 'model', model: 'local:tiny' }
    await put('two', model, headers)
    await put('two', model, headers)
    expect(await app.answer<DeploymentInfo>('GET', '/api/deployments/two')).toMatchObject({ revision: 1 })
    await put('two', { kind: 'model', model: 'tuned:router@1' }, headers)
    expect(await app.answer<DeploymentInfo>('GET', '/api/deployments/two')).toMatchObject({ revision: 2 })
  })

  test('what could not answer a chat is not deployed, and the reason is told', async () => {
    const wrong: [target: unknown, says: RegExp, at: string, rule: Rule][] = [
      [{ kind: 'model', model: 'openai:gpt' }, /not a model of a worker/, 'model', 'no-worker-model'],
      [{ kind: 'model', model: 'tuned:router@7' }, /no tuned model/, 'model', 'no-tuned-model'],
      [pipeline('plain', 'query', 'answer'), /no input field "query".*question/, 'input', 'no-field'],
      [pipeline('plain', 'question', 'text'), /no output field "text".*answer, more/, 'output', 'no-field'],
      [pipeline('sized', 'size', 'question'), /of kind number/, 'input', 'no-chat'],
      [pipeline('sized', 'question', 'size'), /of kind number/, 'output', 'no-chat'],
      [pipeline('sized', 'question', 'question'), /also needs size/, 'input', 'starved'],
      [pipeline('plain', 'question', 'answer', 5), /no version 5/, 'pipeline', 'no-version'],
      [
        { ...pipeline('plain', 'question', 'answer'), pipeline: crypto.randomUUID() },
        /no published version/,
        'pipeline',
        'no-version',
      ],
    ]
    for (const [target, says, at, rule] of wrong) {
      const problem = await problemOf(await put('three', target))
      expect(problem).toMatchObject({ status: 422, code: 'invalid', errors: [{ pointer: `/target/${at}`, rule }] })
      expect(problem.detail).toMatch(says)
    }
    for (const name of ['Three', 'a b', '-a', 'a'.repeat(64)])
      expect((await put(name, { kind: 'model', model: 'local:tiny' })).status).toBe(422)
    expect((await app.ask('GET', '/api/deployments/three')).status).toBe(404)
  })

  test('tuned models are listed with where they come from, and deleted once nothing serves them', async () => {
    const list = await app.answer<Page<TunedModelInfo>>('GET', '/api/models/tuned')
    expect(list.items).toMatchObject([
      { name: 'router', versions: [{ id: 'tuned:router@1', base: 'local:tiny', settings: { rank: 8 }, run: null }] },
    ])
    expect(list.items[0]?.versions[0]).not.toHaveProperty('name')
    await app.ask('DELETE', '/api/deployments/two')
    expect((await app.ask('DELETE', '/api/models/tuned/router')).status).toBe(204)
    expect((await app.ask('DELETE', '/api/models/tuned/router')).status).toBe(404)
    expect((await app.answer<Page<TunedModelInfo>>('GET', '/api/models/tuned')).items).toEqual([])
  })
})
