import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { editorFiles } from './static.ts'

let outside: string
let folder: string
beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'patchbay-static-'))
  folder = join(outside, 'dist')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(outside, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'index.html'), '<title>Patchbay</title>')
  await writeFile(join(folder, 'assets/app-1a2b.js'), 'export {}')
  await writeFile(join(folder, 'mark.svg'), '<svg/>')
})
afterAll(() => rm(outside, { recursive: true, force: true }))

describe('the editor’s files', () => {
  const get = (path: string) => editorFiles(folder).request(path)
  test.each(['/', '/p/01a20a92', '/runs?status=failed', '/p/a.b/c', '/models/openai%3Agpt-5.6'])(
    '%s is the page, never cached, with a strict policy',
    async (path) => {
      const response = await get(path)
      expect([response.status, await response.text()]).toEqual([200, '<title>Patchbay</title>'])
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    },
  )
  test('assets are cached for ever, other files are asked for again', async () => {
    const script = await get('/assets/app-1a2b.js')
    expect(script.headers.get('content-type')).toMatch(/javascript/)
    expect(script.headers.get('cache-control')).toContain('immutable')
    expect((await get('/mark.svg')).headers.get('cache-control')).toBe('no-cache')
  })
  test.each(['/assets/old-9f.js', '/nothing.css'])('%s is missing, not the page', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control') ?? '').not.toContain('immutable')
  })
  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%5csecret.txt',
  ])('%s does not leave the folder', async (path) => expect(await (await get(path)).text()).not.toContain('secret'))
  test('without a build it says what to do', async () => {
    const response = await editorFiles(join(outside, 'none')).request('/')
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm start')])
  })
})
