import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * The least that a server in Node can do: reads the body and answers. What it reaches is the ceiling of the load generator
 * and of this machine.
 */
const answer = JSON.stringify({ text: 'x'.repeat(1_000) })
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
