import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { EnvironmentError } from './env.ts'

type Handler = (request: Request, bindings: object) => Response | Promise<Response>

export type Listening = {
  port: number
  /** `http://127.0.0.1:4747` */
  url: string
  /** Takes nothing new. Connections that are still busy are cut by `cut`. */
  close: () => void
  cut: () => void
}

const urlOf = (host: string, port: number): string => {
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Listens on an address; port 0 takes a free one.
 * @throws EnvironmentError when the port is taken
 */
export const listen = async (host: string, port: number, handler: Handler): Promise<Listening> => {
  const server = createAdaptorServer({
    fetch: handler,
    // The adapter would cut a sender off half a second after its body was refused; Node reads the rest and drops it.
    autoCleanupIncoming: false,
    serverOptions: {
      // A header may not be slow: open half-requests would hold sockets for free. A body may: a worker behind NAT sends an
      // answer as one, and a long answer of a slow model takes half an hour.
      requestTimeout: 2 * 3_600_000,
      headersTimeout: 30_000,
      keepAliveTimeout: 65_000,
    },
  }) as Server
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      const why = `Port ${port} is taken, maybe by another Patchbay. Stop that, or set PORT to another number.`
      reject(taken ? new EnvironmentError(why, { cause: error }) : error)
    })
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })
  return {
    port: address.port,
    url: urlOf(host, address.port),
    close: () => {
      server.close()
      server.closeIdleConnections()
    },
    cut: () => server.closeAllConnections(),
  }
}
