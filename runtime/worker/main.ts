import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createWorkerApp } from './app.ts'
import { createLlamaEngine } from './engines/llama/engine.ts'
import { logToStderr as log } from './log.ts'
import { readOptions } from './options.ts'
import type { ReadyLine } from './protocol.ts'

/** The worker process: one HTTP server in front of the engines of this machine. */
const { token, models, host, port } = readOptions(process.argv.slice(2), process.env)
delete process.env['PATCHBAY_WORKER_TOKEN'] // engines and their children have no use for it

const engine = createLlamaEngine({ log, ...(models !== undefined && { folder: models }) })
let draining = false
const app = createWorkerApp({ engine, token, log, draining: () => draining })
const server = createAdaptorServer({ fetch: app.fetch })

const stop = async (patience: number): Promise<void> => {
  if (draining) return
  draining = true
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, patience))])
  await engine.stop()
  process.exit(0)
}
process.on('SIGTERM', () => void stop(10_000))
process.on('SIGINT', () => void stop(10_000))
// The parent holds the other end of stdin. When it is gone, even by kill -9, there is nobody left to serve.
process.stdin.on('end', () => void stop(0)).on('error', () => void stop(0))
process.stdin.resume()

server.listen(port, host, () => {
  const address = server.address() as AddressInfo
  const ready: ReadyLine = { ready: true, url: `http://${host}:${address.port}`, pid: process.pid }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
})
