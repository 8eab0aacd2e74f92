import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildEditor } from '#server/cli/build-editor.ts'
import { readEnvironment } from '#server/env.ts'
import { startServer } from '#server/main.ts'

const token = 'an-admin-token-for-browser-tests'

/** The product as `npm start` runs it, with the built editor, on a free port and in a folder of its own. */
export const serveEditor = async () => {
  await buildEditor(() => {})
  // On screen a training waits for a worker that can do it; a machine with the trainer's Python would begin at once.
  process.env['PATCHBAY_PYTHON'] = '/no/python'
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-editor-'))
  const server = await startServer(
    readEnvironment({ HOST: '127.0.0.1', PORT: '0', PATCHBAY_DATA: folder, NO_OPEN: '1', PATCHBAY_ADMIN_TOKEN: token }),
  )
  /** Calls the API as the admin: to set a scene, never to look at the result. */
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    // The caller names the type that server/api.ts promises for this address.
    return (response.status === 204 ? undefined : await response.json()) as Answer
  }
  return {
    url: server.url,
    token,
    call,
    stop: async () => {
      await server.stop(500)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type ServedEditor = Awaited<ReturnType<typeof serveEditor>>
