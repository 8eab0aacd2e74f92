import { expect, test } from 'vitest'
import type { TunedModel } from '#nodes/define.ts'
import type { Database } from '#runtime/store/database.ts'
import {
  deleteDeployment,
  deploy,
  deploymentsOfPipeline,
  findTarget,
  goLive,
  listDeployments,
  readDeployment,
} from '#runtime/store/deployments.ts'
import { deleteModel, keepModel, listTuned, parseTunedId, readTuned } from '#runtime/store/models.ts'
import { publishVersion } from '#runtime/store/pipeline-versions.ts'
import { createPipeline } from '#runtime/store/pipelines.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'
import { wire } from '#tests/support/wire.ts'

const run = '01a20a87-072b-7dd3-8a76-6a7a8530a4b7'
const job = (number: number) => `01a20a87-072b-7dd3-8a76-${String(number).padStart(12, '0')}`
const file = (name: string) => ({ sha256: name.padEnd(64, '0'), mime: 'application/octet-stream', bytes: 10, name })
const tuned = (name: string, number: number): TunedModel => ({
  name,
  base: 'local:tiny',
  form: 'adapter',
  files: { 'adapter.gguf': file('a'), 'adapter_config.json': file('b') },
  dataDigest: 'd'.repeat(64),
  settings: { rank: 8, note: 'a\u0000b' },
  metrics: { loss: 0.25 },
  job: job(number),
})

test('ids of tuned models are read whole or not at all', () => {
  expect(parseTunedId('tuned:team-router@12')).toEqual({ name: 'team-router', version: 12 })
  for (const id of [
    'tuned:a',
    'tuned:a@0',
    'tuned:a@01',
    'tuned:A@1',
    'tuned:@1',
    'local:a@1',
    'tuned:a@1x',
    'tuned:-a@1',
  ])
    expect([id, parseTunedId(id)]).toEqual([id, undefined])
})

eachDatabase('Tuned models and deployments', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })
  const keep = (model: TunedModel) => keepModel(database, 'local', model, run)
  const put = (name: string, model: string, key: string) =>
    deploy(database, 'local', { name, target: { kind: 'model', model }, note: null, run, key })

  test('a job makes one version, and says where it comes from', async () => {
    expect(await keep(tuned('one', 1))).toEqual({ name: 'one', version: 1 })
    expect(await keep(tuned('one', 1))).toEqual({ name: 'one', version: 1 })
    expect(await keep({ ...tuned('other-name', 1) })).toEqual({ name: 'one', version: 1 })
    const { job: made, ...rest } = tuned('one', 1)
    expect(await readTuned(database.query, 'local', 'tuned:one@1')).toMatchObject({
      ...rest,
      job: made,
      run,
      version: 1,
    })
    expect(await readTuned(database.query, 'elsewhere', 'tuned:one@1')).toBeUndefined()
    expect(await readTuned(database.query, 'local', 'tuned:one@2')).toBeUndefined()
  })

  test('versions of a name count up, also where several are kept at once', async () => {
    const kept = await Promise.all([11, 12, 13, 14, 11, 12].map((number) => keep(tuned('many', number))))
    expect(new Set(kept.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4]))
    expect(kept[4]).toEqual(kept[0])
    const { items, next } = await listTuned(database.query, 'local', { limit: 1 })
    expect(items.map(({ name }) => name)).toEqual(['many'])
    expect(items[0]?.versions.map(({ version }) => version)).toEqual([4, 3, 2, 1])
    const rest = await listTuned(database.query, 'local', { cursor: next as string })
    expect(rest).toMatchObject({ items: [{ name: 'one' }], next: null })
  })

  test('a step deploys once, and going back makes an older revision live', async () => {
    await keep(tuned('live', 21))
    await keep(tuned('live', 22))
    expect(await put('tickets', 'tuned:live@1', 'run/a')).toEqual({ name: 'tickets', revision: 1 })
    expect(await put('tickets', 'tuned:live@2', 'run/b')).toEqual({ name: 'tickets', revision: 2 })
    expect(await put('tickets', 'tuned:live@2', 'run/b')).toEqual({ name: 'tickets', revision: 2 })
    expect(await put('tickets', 'tuned:live@1', 'run/a')).toEqual({ name: 'tickets', revision: 1 })
    expect(await findTarget(database.query, 'local', 'tickets')).toEqual({
      revision: 2,
      target: { kind: 'model', model: 'tuned:live@2' },
    })
    expect(await goLive(database, 'local', 'tickets', 1)).toBe('done')
    expect(await readDeployment(database.query, 'local', 'tickets')).toMatchObject({
      name: 'tickets',
      revision: 1,
      target: { model: 'tuned:live@1' },
      revisions: [{ revision: 2 }, { revision: 1, run }],
    })
    expect(await goLive(database, 'local', 'tickets', 3)).toBe('no-revision')
    expect(await goLive(database, 'local', 'nothing', 1)).toBe('missing')
    expect(await put('tickets', 'local:tiny', 'run/c')).toEqual({ name: 'tickets', revision: 3 })
  })

  test('revisions made at once are all kept, and the live one is the newest', async () => {
    const made = await Promise.all(['a', 'b', 'c', 'a'].map((key) => put('busy', 'local:tiny', `busy/${key}`)))
    expect(new Set(made.map((one) => one?.revision))).toEqual(new Set([1, 2, 3]))
    expect(await readDeployment(database.query, 'local', 'busy')).toMatchObject({
      revision: 3,
      revisions: [{ revision: 3 }, { revision: 2 }, { revision: 1 }],
    })
    const { items, next } = await listDeployments(database.query, 'local', { limit: 1 })
    expect([items.map(({ name }) => name), next]).toEqual([['busy'], 'busy'])
    expect(await deleteDeployment(database, 'local', 'busy')).toBe(true)
    expect(await deleteDeployment(database, 'local', 'busy')).toBe(false)
    expect(await findTarget(database.query, 'local', 'busy')).toBeUndefined()
  })

  test('what is not there is not deployed, and a model that is served is not deleted', async () => {
    expect(await put('ghost', 'tuned:nobody@1', 'ghost/a')).toBeUndefined()
    expect(await put('ghost', 'tuned:live@9', 'ghost/b')).toBeUndefined()
    await keep(tuned('served', 31))
    await put('mine', 'tuned:served@1', 'mine/a')
    expect(await deleteModel(database, 'local', 'served')).toEqual({ deleted: false, usedBy: ['mine'] })
    await put('mine', 'local:tiny', 'mine/b')
    expect(await deleteModel(database, 'local', 'served')).toEqual({ deleted: true, usedBy: [] })
    expect(await deleteModel(database, 'local', 'served')).toEqual({ deleted: false, usedBy: [] })
    expect(await readTuned(database.query, 'local', 'tuned:served@1')).toBeUndefined()
    expect((await listTuned(database.query, 'local')).items.map(({ name }) => name)).not.toContain('served')
    expect(await goLive(database, 'local', 'mine', 1)).toBe('gone')
    // Its number stays taken: an old revision must never come to mean another model.
    expect(await keep(tuned('served', 32))).toEqual({ name: 'served', version: 2 })
  })

  test('a model inside of a pipeline that is served is not deleted either', async () => {
    await keep(tuned('within', 41))
    const document = wire({ answer: { type: 'model', config: { model: 'tuned:within@1' } } })
    const pipeline = await createPipeline(database.query, 'local', document)
    await publishVersion(database, 'local', pipeline, document, null)
    const target = { kind: 'pipeline', pipeline, version: 1, input: 'a', output: 'b' } as const
    const revision = { name: 'flow', note: 'first', run: null, key: 'flow/a' }
    expect(await deploy(database, 'local', { ...revision, target: { ...target, version: 2 } })).toBeUndefined()
    expect(await deploy(database, 'local', { ...revision, target })).toEqual({ name: 'flow', revision: 1 })
    expect(await deploymentsOfPipeline(database.query, 'local', pipeline)).toEqual(['flow'])
    expect(await deleteModel(database, 'local', 'within')).toEqual({ deleted: false, usedBy: ['flow'] })
    expect(await deleteModel(database, 'local', 'with')).toEqual({ deleted: false, usedBy: [] })
  })
})
