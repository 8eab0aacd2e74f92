import { existsSync } from 'node:fs'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startScriptedServer } from '#tests/support/scripted-server.ts'
import { runWorker, temporaryFolder } from '#tests/support/worker-process.ts'

const bounded = { timeout: 20_000, interval: 20 }
const withServer = async () => {
  const server = await startScriptedServer()
  onTestFinished(server.stop)
  return server
}

it('enrols once with a one-time token, and is known without it from then on', async () => {
  const server = await withServer()
  const data = await temporaryFolder()
  const first = runWorker(['--server', server.url, '--token', 'one-time-token-1', '--data', data, '--name', 'box'])
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
  expect((await stat(join(data, 'worker.json'))).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(await readFile(join(data, 'worker.json'), 'utf8'))
  expect(kept).toEqual({ server: server.url, id: 'w1', token: 'pb_worker_1' })
  expect(server.offers).toMatchObject([{ name: 'box', capabilities: ['chat', 'embeddings', 'adapters'] }])
  expect(server.beats[0]).toMatchObject({ state: 'ready', running: 0, jobs: [], models: [{ id: 'tiny' }] })
  const twice = runWorker(['--server', server.url, '--data', data])
  expect(await twice.ended).toBe(1)
  expect(twice.log()).toContain('Another worker uses the folder')
  first.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  // What a worker that was killed left of its jobs.
  await mkdir(join(data, 'jobs/old-1'), { recursive: true })

  runWorker(['--server', `${server.url}/`, '--data', data])
  await vi.waitFor(() => expect(server.offers.length).toBe(2), bounded)
  expect(existsSync(join(data, 'jobs/old-1'))).toBe(false)
  const [before, after] = server.offers
  expect(after?.engineToken).not.toBe(before?.engineToken)
  // The server reaches it by what it offered, and only with that token.
  const ask = (token: string | undefined) =>
    fetch(`${after?.url}/models`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
  expect(await ask(after?.engineToken)).toBe(200)
  expect(await ask(before?.engineToken)).toBe(401)
})
it('says what to do with a token that is wrong or was used', async () => {
  const server = await withServer()
  const worker = runWorker(['--server', server.url, '--token', 'wrong', '--data', await temporaryFolder()])
  expect(await worker.ended).toBe(1)
  expect(worker.log()).toContain('wrong, used or expired')
})

it('does not wait for an address where something else answers', async () => {
  const page = createHttpServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>'),
  )
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void page.close())
  const { port } = page.address() as AddressInfo
  const at = `http://127.0.0.1:${port}`
  const worker = runWorker(['--server', at, '--token', 'one-time-token-1', '--data', await temporaryFolder()])
  expect(await worker.ended).toBe(1)
  expect(worker.log()).toContain('no Patchbay server')
})
it('says what is missing without a server or a token', async () => {
  const data = await temporaryFolder()
  const nowhere = runWorker(['--data', data], { PATCHBAY_WORKER_SERVER: '' })
  expect(await nowhere.ended).toBe(1)
  expect(nowhere.log()).toContain('--server')
  const unknown = runWorker(['--server', 'http://127.0.0.1:9', '--data', data])
  expect(await unknown.ended).toBe(1)
  expect(unknown.log()).toContain('--token')
  await writeFile(join(data, 'worker.json'), '{')
  const broken = runWorker(['--server', 'http://127.0.0.1:9', '--data', data])
  expect(await broken.ended).toBe(1)
  expect(broken.log()).toContain('Delete it and enrol again')
})
it('waits for a server that is not there, says so, and goes on when it is', async () => {
  // A port that was free a moment ago: the server comes up on it later.
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  const args = [
    '--server',
    `http://127.0.0.1:${port}`,
    '--token',
    'one-time-token-1',
    '--data',
    await temporaryFolder(),
  ]
  const worker = runWorker(args)
  await vi.waitFor(() => expect(worker.log()).toContain('There is no answer from'), bounded)
  const server = await startScriptedServer({ port })
  onTestFinished(server.stop)
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
})
it('drains on SIGTERM: an answer in work ends, its beats say so, and it exits', async () => {
  const server = await withServer()
  const worker = runWorker(['--server', server.url, '--token', 'one-time-token-1', '--data', await temporaryFolder()])
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
  const [offer] = server.offers
  const headers = { authorization: `Bearer ${offer?.engineToken}`, 'content-type': 'application/json' }
  const messages = [{ role: 'user', content: 'Repeat this text: bako miro tulo' }]
  const body = JSON.stringify({ model: 'tiny', messages, stream: true, temperature: 0 })
  const answer = await fetch(`${offer?.url}/chat/completions`, { method: 'POST', headers, body })
  worker.kill('SIGTERM')
  expect(await answer.text()).toContain('[DONE]')
  expect(await worker.ended).toBe(0)
  expect(server.beats.at(-1)?.state).toBe('draining')
})
it('says what to do when the server does not know it any more', async () => {
  const server = await withServer()
  const data = await temporaryFolder()
  const worker = runWorker(['--server', server.url, '--token', 'one-time-token-1', '--data', data])
  await vi.waitFor(() => expect(server.beats.length).toBeGreaterThan(0), bounded)
  server.control.refuse = true
  await vi.waitFor(() => expect(worker.log()).toContain('delete its worker.json'), bounded)
})
it('works for the server that started it, without enrolment, and ends with it', async () => {
  const server = await withServer()
  const engineToken = 'an engine token of some length'
  const environment = {
    PATCHBAY_WORKER_TOKEN: engineToken,
    PATCHBAY_WORKER_SERVER: server.url,
    PATCHBAY_WORKER_KEY: server.token(),
  }
  const worker = runWorker(['--data', await temporaryFolder()], environment, 'pipe')
  await vi.waitFor(() => expect(server.beats.length, worker.log()).toBeGreaterThan(0), bounded)
  const { url } = JSON.parse(worker.output())
  expect(server.offers).toMatchObject([{ name: 'local', engineToken, url: `${url}/v1` }])
  worker.letGo()
  expect(await worker.ended).toBe(0)
})
