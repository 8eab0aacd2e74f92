import { Agent, request } from 'node:http'

/** Where answers come from: an address up to and including `/v1`. */
export type Place = { url: string; token?: string; model: string }
/** One streamed answer: when its first token came and its end, in ms since it was asked for, and its tokens. */
export type Asked = { first: number; total: number; tokens: number }

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 })

/** Asks for a streamed answer. One that is not whole is an error. */
export const ask = ({ url, token, model }: Place, body: Record<string, unknown>): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const bytes = Buffer.from(JSON.stringify({ ...body, model, stream: true }))
    const since = performance.now()
    const call = request(
      `${url}/chat/completions`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': bytes.length,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let first = 0
        let text = ''
        response.setEncoding('latin1')
        response.on('data', (part: string) => {
          text += part
          // An engine may name the role in an event of its own.
          if (first === 0 && text.includes('"content":"')) first = performance.now() - since
        })
        response.on('error', reject)
        response.on('end', () => {
          const total = performance.now() - since
          if (response.statusCode !== 200 || !text.trimEnd().endsWith('data: [DONE]'))
            return reject(new Error(`${response.statusCode} ${text.slice(-500)}`))
          resolve({ first: first || total, total, tokens: text.match(/"content":"[^"]/g)?.length ?? 0 })
        })
      },
    )
    call.on('error', reject)
    call.setNoDelay(true)
    call.end(bytes)
  })
