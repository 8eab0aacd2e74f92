import { describe, expect, test, vi } from 'vitest'
import { askHealth } from '#runtime/dispatch/health.ts'
import { withLocalWorker } from '#tests/support/local-worker.ts'

const under = withLocalWorker()

/** An answer that fills the whole context: about 500 tokens, a second or two on a free core. */
const endless = {
  model: 'tiny',
  temperature: 0,
  stream: true,
  messages: [{ role: 'user', content: 'numbers' }],
  response_format: {
    type: 'json_schema',
    json_schema: { schema: { type: 'array', items: { type: 'integer' }, minItems: 500 } },
  },
}
const short = { model: 'tiny', temperature: 0, messages: [{ role: 'user', content: 'Repeat this text: bako' }] }

const call = async (body: unknown, signal?: AbortSignal) => {
  const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
}
const health = async () => {
  const { url, token } = await under.worker().endpoint('local:tiny', AbortSignal.timeout(30_000))
  return askHealth({ url: url.replace(/\/v1$/, ''), token: token ?? '' })
}

describe('a client that goes away', () => {
  test('frees its place within a second: the generation has really stopped', async () => {
    await (await call(short)).json()
    const controllers = Array.from({ length: 16 }, () => new AbortController())
    const calls = controllers.map(({ signal }) =>
      call(endless, signal)
        .then((response) => response.text())
        .catch(() => 'gone'),
    )
    await vi.waitFor(async () => expect(await health()).toMatchObject({ running: 4, waiting: 12 }), 5_000)
    // What is asked for takes more than 10 s together; if it went on, the next answer would wait for a sequence.
    const gone = performance.now()
    for (const controller of controllers) controller.abort()
    const answer = await (await call(short)).json()
    expect(answer.choices[0].message.content).toBe('bako')
    expect(performance.now() - gone).toBeLessThan(1_000)
    expect(await Promise.all(calls)).toEqual(calls.map(() => 'gone'))
    expect(await health()).toMatchObject({ running: 0, waiting: 0 })
  })

  test('is forgotten while it still waits in the queue, and before a whole answer is ready', async () => {
    const controllers = Array.from({ length: 12 }, () => new AbortController())
    const calls = controllers.map(({ signal }) => call({ ...endless, stream: false }, signal).catch(() => 'gone'))
    await vi.waitFor(async () => expect(await health()).toMatchObject({ running: 4, waiting: 8 }), 10_000)
    for (const controller of controllers) controller.abort()
    expect(await Promise.all(calls)).toEqual(calls.map(() => 'gone'))
    await vi.waitFor(async () => expect(await health()).toMatchObject({ running: 0, waiting: 0 }), 1_000)
  })
})
