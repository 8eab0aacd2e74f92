import { createHmac, createSecretKey } from 'node:crypto'
import { connect } from 'node:net'

/*
 * The load generator, a process of its own so that it takes no time from what it measures: so many clients, each with one
 * kept connection, each sending its next signed call when the answer to the last is there. It writes and reads HTTP/1.1
 * itself, which costs a third of what node:http's client does.
 */
export type Load = { url: string; body: string; secret: string; clients: number; seconds: number }
export type Told = { perSecond: number; p50: number; p99: number; count: number; failures: string[] }

let calls = 0

const callOf = ({ url, body, secret }: Load) => {
  const { pathname, host } = new URL(url)
  const key = createSecretKey(Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
  return (): string => {
    const id = `msg_${process.pid}_${++calls}`
    const at = Math.floor(Date.now() / 1_000)
    const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
    return `${head}webhook-id: ${id}\r\nwebhook-timestamp: ${at}\r\nwebhook-signature: v1,${signature}\r\n\r\n${body}`
  }
}

const lengthOf = (head: string): number => {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`An answer without a length: ${head.slice(0, 300)}`)
  return Number(length)
}

/** One client: calls until `until`, and resolves when its last answer is there. */
const client = (load: Load, until: number, times: number[], failures: string[]) =>
  new Promise<void>((resolve, reject) => {
    const { hostname, port } = new URL(load.url)
    const next = callOf(load)
    let since = 0
    let got = ''
    let whole = 0
    const send = () => {
      since = performance.now()
      if (since >= until) return socket.end(() => resolve())
      socket.write(next())
    }
    const socket = connect(Number(port), hostname, send)
    socket.setNoDelay(true)
    // One byte is one character, so that lengths are those of the header.
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('data', (text: string) => {
      got += text
      if (whole === 0) {
        const end = got.indexOf('\r\n\r\n')
        if (end < 0) return
        whole = end + 4 + lengthOf(got.slice(0, end))
      }
      if (got.length < whole) return
      times.push(performance.now() - since)
      if (!got.startsWith('HTTP/1.1 200')) failures.push(got.slice(0, 500))
      got = ''
      whole = 0
      send()
    })
  })

process.on('message', async (load: Load) => {
  const times: number[] = []
  const failures: string[] = []
  const since = performance.now()
  const until = since + load.seconds * 1_000
  await Promise.all(Array.from({ length: load.clients }, () => client(load, until, times, failures)))
  const took = (performance.now() - since) / 1_000
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  const told: Told = {
    perSecond: times.length / took,
    p50: at(0.5),
    p99: at(0.99),
    count: times.length,
    failures: failures.slice(0, 3),
  }
  process.send?.(told)
})
