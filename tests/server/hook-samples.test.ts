import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hookSnippets } from '#editor/settings/hook-snippets.ts'
import type { Hook } from '#server/api.ts'
import { hookAuths } from '#server/hooks/signature.ts'
import { eachDatabase } from '#tests/support/databases.ts'
import { type Listening, listening } from '#tests/support/listening-app.ts'
import { openApp, type TestApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)
const echo = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text' } } },
    out: { type: 'output', config: { fields: { a: 'text' } } },
  },
  'ask.q > out.a',
)
/** What a shell, JSON and HTTP could each spoil. */
const body = { q: `It's "due" & 100 % – 질문\n$HOME` }

eachDatabase('the samples of a webhook', (on) => {
  let app: TestApp
  let server: Listening
  beforeAll(async () => {
    app = await openApp(await on.open())
    server = await listening(app)
  })
  afterAll(async () => {
    server.stop()
    await app.stop()
  })

  test.each(hookAuths)('are taken as they stand, signed by %s', async (auth) => {
    const { id } = await app.create(echo)
    await app.ask('POST', `/api/pipelines/${id}/publish`)
    const made = await app.ask('POST', '/api/hooks', { body: { name: `of-${auth}`, pipeline: id, auth } })
    const { name, secret } = (await made.json()) as Hook & { secret: string | null }
    const { curl, javascript } = hookSnippets({ url: `${server.url}/hooks/${name}`, auth, mode: 'sync', body })
    // As its caller keeps it.
    const env = { ...process.env, HOOK_SECRET: secret ?? '' }
    const bySh = await run('sh', ['-c', curl], { cwd: root, env })
    expect(JSON.parse(bySh.stdout)).toEqual({ a: body.q })
    const byNode = await run(process.execPath, ['--input-type=module', '-e', javascript], { cwd: root, env })
    expect(byNode.stdout).toMatch(/^200 /)
    if (auth === 'none') return
    const forged = await run('sh', ['-c', curl], { cwd: root, env: { ...env, HOOK_SECRET: 'whsec_AAAA' } })
    expect(JSON.parse(forged.stdout)).toMatchObject({ code: 'bad-signature' })
  })
})
