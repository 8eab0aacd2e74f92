import { Agent, request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/* The least that a server in Node can do on the way to an engine: it passes on what comes, without looking at it. */
const target = process.argv[2] ?? ''
const agent = new Agent({ keepAlive: true })
const server = createServer((request, response) => {
  const { method, headers, url } = request
  const call = ask(target + url, { method, agent, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] })
    answer.pipe(response)
  })
  call.on('error', () => response.destroy())
  request.pipe(call)
})
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
