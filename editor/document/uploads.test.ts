import { expect, it } from 'vitest'
import { createUploads } from './uploads.ts'

it('keeps what became of an upload, also when nobody looks, and runs one a field', async () => {
  const uploads = createUploads()
  const failed = Promise.withResolvers<void>()
  const upload = uploads.run('docs files', () => failed.promise)
  expect(uploads.isBusy()).toBe(true)
  let again = false
  await uploads.run('docs files', async () => {
    again = true
  })
  expect(again).toBe(false)
  failed.reject(new Error('too large'))
  await upload
  expect(uploads.state.getState()['docs files']).toMatchObject({ busy: false, error: { message: 'too large' } })
  expect(uploads.isBusy()).toBe(false)
  await uploads.run('docs files', async () => {})
  expect(uploads.state.getState()['docs files']).toEqual({ busy: false })
})

it('stops what goes on when the pipeline is closed', async () => {
  const uploads = createUploads()
  const upload = uploads.run('docs files', async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    signal.throwIfAborted()
  })
  uploads.stop()
  await upload
  expect(uploads.state.getState()['docs files']).toMatchObject({ error: { message: 'The pipeline was closed.' } })
})
