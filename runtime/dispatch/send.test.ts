import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { postJson } from './send.ts'

/** A server that answers so many requests on each connection, and cuts it when one more comes. */
const startCutter = async (each: number) => {
  let [connections, requests] = [0, 0]
  const server = createServer((socket) => {
    connections += 1
    let left = each
    socket.on('error', () => undefined)
    socket.on('data', () => {
      requests += 1
      if (left-- <= 0) return socket.resetAndDestroy()
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const ask = async () => {
    const { body } = await postJson(url, undefined, '{}', AbortSignal.timeout(5_000))
    return body && text(body)
  }
  return { ask, seen: () => ({ connections, requests }) }
}

it('asks again on a new connection when a kept one turns out to be closed', async () => {
  const { ask, seen } = await startCutter(1)
  expect(await ask()).toBe('ok')
  expect(await ask()).toBe('ok')
  expect(seen()).toEqual({ connections: 2, requests: 3 })
})
it('takes a connection that is cut at its first request for a failure', async () => {
  const { ask, seen } = await startCutter(0)
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(seen().connections).toBe(1)
})
it('does not ask again once an answer has begun, though it breaks off on a kept connection', async () => {
  let requests = 0
  const server = createServer((socket) => {
    let first = true
    socket.on('error', () => undefined)
    socket.on('data', () => {
      requests += 1
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${first ? 2 : 9}\r\n\r\nok`, () => {
        if (!first) setTimeout(() => socket.resetAndDestroy(), 20)
        first = false
      })
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  const ask = () => postJson(url, undefined, '{}', AbortSignal.timeout(5_000))
  const whole = await ask()
  expect(whole.body && (await text(whole.body))).toBe('ok')
  const broken = await ask()
  await expect(broken.body && text(broken.body)).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(requests).toBe(2)
})
