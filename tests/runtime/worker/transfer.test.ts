import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createServerClient } from '#runtime/worker/server-client.ts'
import { download } from '#runtime/worker/transfer.ts'
import { startScriptedServer } from '#tests/support/scripted-server.ts'

it.runIf(process.platform === 'linux')('says that the disk is full and does not ask the server for ever', async () => {
  const server = await startScriptedServer()
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-transfer-'))
  onTestFinished(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })
  // A device of the system that is always full.
  await symlink('/dev/full', join(folder, 'rows.part'))
  const fetched = download(
    createServerClient(server.url, server.token()),
    server.keep('some rows'),
    join(folder, 'rows'),
    { signal: AbortSignal.timeout(5_000), backoff: { first: 10, most: 50 } },
  )
  await expect(fetched).rejects.toMatchObject({ code: 'ENOSPC' })
})
