import { randomBytes } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'

const opcode = { more: 0, text: 1, close: 8, ping: 9, pong: 10 } as const
/** Milliseconds for an answer to the request for a connection. */
const patience = 60_000
/** Milliseconds without a word after which it is given up: a connection that a network dropped says nothing either. */
const longestSilence = 120_000
type Frame = { code: number; payload: Buffer; length: number }

/** The first whole frame, as servers send them: not masked. */
const firstFrame = (bytes: Buffer): Frame | undefined => {
  if (bytes.length < 2) return undefined
  const short = (bytes[1] as number) & 0x7f
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < start) return undefined
  const size = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  if (bytes.length < start + size) return undefined
  return { code: (bytes[0] as number) & 0x0f, payload: bytes.subarray(start, start + size), length: start + size }
}

/** A control frame of a client: masked, at most 125 bytes. */
const control = (code: number, payload: Buffer): Buffer => {
  const mask = randomBytes(4)
  const hidden = payload.map((byte, at) => byte ^ (mask[at % 4] as number))
  return Buffer.concat([Buffer.from([0x80 | code, 0x80 | payload.length]), mask, hidden])
}

/**
 * Reads the text that a WebSocket sends until it ends, in whichever way. Not with Node's own: that always offers to compress,
 * which Ray's dashboard passes on to the process behind it and then does not understand (Ray 2.60 with aiohttp 3.14).
 */
export const readSocket = (
  url: URL,
  headers: Record<string, string>,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      headers: {
        ...headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
      timeout: patience,
      signal,
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve())
    request.on('response', (response) => {
      response.resume()
      resolve()
    })
    request.on('upgrade', (_, socket: Socket, head: Buffer) => {
      const decoder = new TextDecoder()
      let bytes = head
      const end = (): void => {
        socket.destroy()
        resolve()
      }
      const read = (): void => {
        for (let frame = firstFrame(bytes); frame; frame = firstFrame(bytes)) {
          bytes = bytes.subarray(frame.length)
          if (frame.code === opcode.text || frame.code === opcode.more)
            onText(decoder.decode(frame.payload, { stream: true }))
          else if (frame.code === opcode.ping) socket.write(control(opcode.pong, frame.payload))
          else if (frame.code === opcode.close) return end()
        }
      }
      signal.addEventListener('abort', end, { once: true })
      socket.setKeepAlive(true, 30_000)
      socket.setTimeout(longestSilence, end)
      socket.on('close', () => {
        signal.removeEventListener('abort', end)
        resolve()
      })
      socket.on('error', end)
      socket.on('data', (piece: Buffer) => {
        bytes = Buffer.concat([bytes, piece])
        read()
      })
      read()
    })
    request.end()
  })
