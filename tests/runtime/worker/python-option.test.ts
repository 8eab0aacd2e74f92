import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { WorkerBeat, WorkerOffer } from '#runtime/dispatch/protocol.ts'
import { isRunning, processesIn } from '#tests/support/process-life.ts'
import { startServer } from '#tests/support/start-server.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'
import { runWorker, temporaryFolder } from '#tests/support/worker-process.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const tiny = join(root, 'runtime/worker/models/tiny')
const found = findTrainerPython(root)
/** PyTorch takes its time to be imported where other tests run too. */
const patience = 180_000
type ListedWorker = { name: string; offer?: WorkerOffer; beat?: WorkerBeat }

const refused = async (option: string, environment: NodeJS.ProcessEnv = {}) => {
  const data = await temporaryFolder()
  const worker = runWorker(['--server', 'http://127.0.0.1:9', '--data', data, '--python', option], environment)
  expect(await worker.ended).toBe(1)
  return worker.log()
}

describe('a worker that is to serve a model through Python', { timeout: 30_000 }, () => {
  it('names the command that sets Python up, where there is none', async () =>
    expect(await refused(`${tiny},name=mine`, { PATCHBAY_PYTHON: '/no/python' })).toContain('npm run trainer:setup'))
  it('names the folder that holds no model', async () =>
    expect(await refused(join(root, 'docs'))).toContain('holds no config.json with .safetensors'))
})

if ('missing' in found)
  it("THE WORKER'S OPTION --python WAS NOT TESTED: the trainer has no Python here", () => {
    console.warn(`THE WORKER'S OPTION --python WAS NOT TESTED: ${found.missing}. Run npm run trainer:setup once.`)
    expect(found.missing).not.toBe('')
  })
else
  describe('a worker that was started with --python', { timeout: 2 * patience }, () => {
    it('refuses a name that llama.cpp serves already', async () =>
      expect(await refused(tiny, { PATCHBAY_PYTHON: found.python })).toContain('another model of that name'))

    it("answers OpenAI's own client through the server, and takes its Python along when it ends", async () => {
      const server = await startServer({ environment: { PATCHBAY_PYTHON: '/no/python' } })
      onTestFinished(async () => void (await server.end('SIGTERM')))
      const call = async (path: string, method = 'GET') => {
        const headers = { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' }
        const body = method === 'POST' ? '{}' : undefined
        return (await fetch(`${server.url}/api${path}`, { method, headers, ...(body && { body }) })).json()
      }
      const { token } = await call('/workers', 'POST')
      const worker = runWorker(
        ['--server', server.url, '--name', 'py', '--data', await temporaryFolder(), '--python', `${tiny},name=mine`],
        { PATCHBAY_WORKER_ENROL: token, PATCHBAY_PYTHON: found.python },
      )
      await vi.waitFor(
        async () => {
          const { items } = (await call('/workers')) as { items: ListedWorker[] }
          const listed = items.find(({ name }) => name === 'py')
          expect(listed?.offer?.engines, worker.log()).toContainEqual({
            kind: 'python',
            version: expect.stringMatching(/^(transformers|vllm) \d/),
          })
          expect(listed?.beat?.models).toContainEqual(expect.objectContaining({ id: 'mine', state: 'unloaded' }))
          expect(listed?.offer?.capabilities).toEqual(expect.arrayContaining(['chat', 'embeddings', 'adapters']))
        },
        { timeout: patience, interval: 250 },
      )
      const client = new OpenAI({
        baseURL: `${server.url}/v1`,
        apiKey: server.adminToken,
        maxRetries: 0,
        timeout: patience,
      })
      expect((await client.models.list()).data.map(({ id }) => id)).toContain('local:mine')
      const answer = await client.chat.completions.create({
        model: 'local:mine',
        messages: [{ role: 'user', content: 'Repeat this text: bako zan' }],
        temperature: 0,
        max_tokens: 24,
      })
      expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'bako zan' } })
      const pid = processesIn(worker.log()).at(-1) ?? -1
      expect(isRunning(pid)).toBe(true)
      worker.kill('SIGKILL')
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 20_000, interval: 100 })
    })
  })
