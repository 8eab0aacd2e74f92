import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'

/** Starts a worker with its engine, prints their process ids, and waits to be killed. */
let engine = 0
const worker = createLocalWorker({
  models: process.argv[2] ?? '',
  log: (_, message, fields) => {
    if (message === 'model loaded') engine = Number(fields?.['pid'])
  },
})
const { url, token } = await worker.endpoint('local:tiny', AbortSignal.timeout(30_000))
const answer = await fetch(`${url}/chat/completions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${token}` },
  body: JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'Repeat this text: bako' }] }),
})
await answer.text()
console.log(JSON.stringify({ worker: worker.pid(), engine }))
