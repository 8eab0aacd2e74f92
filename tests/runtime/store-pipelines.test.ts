import { expect, test } from 'vitest'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Database } from '#runtime/store/database.ts'
import { deploy } from '#runtime/store/deployments.ts'
import { listFiles, putFile, removeFile } from '#runtime/store/pipeline-files.ts'
import { listVersions, publishVersion, readVersion } from '#runtime/store/pipeline-versions.ts'
import { createPipeline, deletePipeline, listPipelines, readPipeline, savePipeline } from '#runtime/store/pipelines.ts'
import { eachDatabase, openOnce } from '#tests/support/databases.ts'

const document = (name: string): PipelineDocument => ({
  format: 'patchbay/1',
  name,
  nodes: [
    {
      id: 'in',
      type: 'input',
      version: 1,
      config: { fields: { zebra: 'text', apple: 'text', '10': 'text' } },
      at: [0, 0],
    },
  ],
  edges: [],
})

eachDatabase('Pipelines', (on) => {
  let database: Database
  openOnce(on, (opened) => {
    database = opened
  })

  test('a draft comes back with its fields in order', async () => {
    const draft = document('Order')
    const id = await createPipeline(database.query, 'local', draft)
    const read = await readPipeline(database.query, 'local', id)
    expect(JSON.stringify(read?.document)).toBe(JSON.stringify(draft))
    expect(read).toMatchObject({ id, name: 'Order', revision: 1, version: null })
    expect(await readPipeline(database.query, 'elsewhere', id)).toBeUndefined()
    expect(await readPipeline(database.query, 'local', 'no-id')).toBeUndefined()
  })

  test('of two saves from one revision one wins and the other learns which is current', async () => {
    const id = await createPipeline(database.query, 'local', document('One'))
    const saves = await Promise.all(
      ['Two', 'Three'].map((name) => savePipeline(database.query, 'local', id, 1, document(name))),
    )
    expect(saves.filter((one) => one.saved)).toEqual([{ saved: true, revision: 2 }])
    expect(saves.filter((one) => !one.saved)).toEqual([{ saved: false, reason: 'conflict', revision: 2 }])
    expect(await savePipeline(database.query, 'local', crypto.randomUUID(), 1, document('x'))).toEqual({
      saved: false,
      reason: 'missing',
    })
  })

  test('publishers at once get versions of their own, which later saves and uploads do not change', async () => {
    const id = await createPipeline(database.query, 'local', document('Published'))
    const file = { path: 'a.md', sha256: 'a'.repeat(64), bytes: 3 }
    await putFile(database.query, 'local', id, file)
    const versions = await Promise.all(
      ['A', 'B', 'C'].map((name) => publishVersion(database, 'local', id, document(name), null)),
    )
    expect(versions.toSorted()).toEqual([1, 2, 3])
    await putFile(database.query, 'local', id, { ...file, sha256: 'b'.repeat(64) })
    await savePipeline(database.query, 'local', id, 1, document('Later'))
    const latest = await readVersion(database.query, 'local', id, 'latest')
    expect(latest).toMatchObject({ version: 3, files: { 'a.md': 'a'.repeat(64) } })
    const first = await readVersion(database.query, 'local', id, versions[0] ?? 0)
    expect(first?.document.name).toBe('A')
    expect((await listVersions(database.query, 'local', id)).map((one) => one.version)).toEqual([3, 2, 1])
    expect(await listFiles(database.query, 'local', id)).toEqual([{ ...file, sha256: 'b'.repeat(64) }])
    expect(await publishVersion(database, 'local', crypto.randomUUID(), document('x'), null)).toBeUndefined()
    expect(await removeFile(database.query, 'local', id, 'a.md')).toBe(true)
    expect(await removeFile(database.query, 'local', id, 'a.md')).toBe(false)
  })

  test('the list gives each pipeline once, the latest saved first', async () => {
    await database.query('delete from pipeline')
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push(await createPipeline(database.query, 'local', document(`P${i}`)))
    await savePipeline(database.query, 'local', ids[0] ?? '', 1, document('again'))
    // All of it can happen within the one millisecond that PGlite's clock tells.
    await database.query(`update pipeline set updated_at = updated_at + interval '1 s' where id = $1::text::uuid`, [
      ids[0],
    ])
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listPipelines(database.query, 'local', { limit: 2, ...(cursor !== undefined && { cursor }) })
      seen.push(...page.items.map((item) => item.id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual([ids[0], ids[4], ids[3], ids[2], ids[1]])
    expect(await deletePipeline(database, 'local', ids[2] ?? '')).toEqual({ deleted: true, servedBy: [] })
    expect(await deletePipeline(database, 'local', ids[2] ?? '')).toEqual({ deleted: false, servedBy: [] })
    expect((await listPipelines(database.query, 'local')).items).toHaveLength(4)
  })

  test('a page goes on where the last one ended, also when that pipeline was saved or deleted meanwhile', async () => {
    const ids: string[] = []
    for (const name of ['A', 'B', 'C', 'D']) ids.unshift(await createPipeline(database.query, 'paged', document(name)))
    const [newest = '', second = '', third, oldest] = ids
    const pages = async (cursor: string) => (await listPipelines(database.query, 'paged', { cursor })).items
    const { next: afterFirst } = await listPipelines(database.query, 'paged', { limit: 1 })
    const { next: afterSecond } = await listPipelines(database.query, 'paged', { limit: 2 })
    await deletePipeline(database, 'paged', second)
    await savePipeline(database.query, 'paged', newest, 1, document('A again'))
    expect((await pages(afterFirst ?? '')).map(({ id }) => id)).toEqual([third, oldest])
    expect((await pages(afterSecond ?? '')).map(({ id }) => id)).toEqual([third, oldest])
    expect(await pages('no cursor')).toEqual([])
  })

  test('is deleted or deployed, never both', async () => {
    const race = async (at: number) => {
      const id = await createPipeline(database.query, 'local', document(`Served ${at}`))
      const version = (await publishVersion(database, 'local', id, document('Served'), null)) as number
      const name = `served-${at}`
      const target = { kind: 'pipeline', pipeline: id, version, input: 'in', output: 'out' } as const
      const [deployed, { deleted, servedBy }] = await Promise.all([
        deploy(database, 'local', { name, target, note: null, run: null, key: name }),
        deletePipeline(database, 'local', id),
      ])
      expect(deleted).toBe(deployed === undefined)
      expect(servedBy).toEqual(deleted ? [] : [name])
    }
    await Promise.all(Array.from({ length: 20 }, (_, at) => race(at)))
  })
})
