import { Webhook } from 'standardwebhooks'
import type { Database } from '#runtime/store/database.ts'
import type { Hook, Saved } from '#server/api.ts'
import type { StartedServer } from '../support/start-server.ts'
import { wire } from '../support/wire.ts'
import type { Measure } from './engine.ts'
import type { Loader } from './loader.ts'
import { openRawBound } from './raw-bound.ts'
import { median, rate } from './timing.ts'

const text = 'x'.repeat(1_000)

/** `input`, so many pure nodes in a row that write 1 KB each, `output`. */
const chain = (length: number) => {
  const names = Array.from({ length }, (_, at) => `n${at}`)
  return wire(
    {
      ask: { type: 'input', config: { fields: { text: 'text' } } },
      ...Object.fromEntries(names.map((name) => [name, { type: 'compose', config: { template: '{{text}}' } }])),
      out: { type: 'output', config: { fields: { text: 'text' } } },
    },
    ...names.map((name, at) => `${at === 0 ? 'ask' : names[at - 1]}.text > ${name}.text`),
    `${names.at(-1)}.text > out.text`,
  )
}

/** A list taken apart, three pure nodes over each row, and the list of what came out. */
const map = wire(
  {
    ask: { type: 'input', config: { fields: { rows: 'json' } } },
    each: { type: 'for-each', config: { kind: 'text' } },
    a: { type: 'compose', config: { template: 'Dear {{row}}' } },
    b: { type: 'compose', config: { template: '{{text}},' } },
    c: { type: 'compose', config: { template: '{{text}} hello' } },
    all: { type: 'collect' },
    out: { type: 'output', config: { fields: { rows: 'json' } } },
  },
  'ask.rows > each.list',
  'each.item > a.row',
  'a.text > b.text',
  'b.text > c.text',
  'c.text > all.items',
  'all.list > out.rows',
)

type Served = { url: string; secret: string }

/** Publishes a document and serves it by a signed webhook. */
const serve = async (server: StartedServer, name: string, document: unknown): Promise<Served> => {
  const post = async <Body>(path: string, body?: unknown) => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Body
  }
  const { id } = await post<Saved>('/api/pipelines', { document })
  await post(`/api/pipelines/${id}/publish`)
  const hook = await post<Hook & Served>('/api/hooks', { name, pipeline: id })
  return { url: server.url + hook.url, secret: hook.secret }
}

/** Calls once, signed by the public package, and gives back the milliseconds. */
const callOnce = async ({ url, secret }: Served, body: string): Promise<number> => {
  const at = new Date()
  const id = `msg_${at.getTime()}_${Math.random()}`
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  }
  const since = performance.now()
  const response = await fetch(url, { method: 'POST', headers, body })
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`A call of the bench was answered with ${response.status}.`)
  return performance.now() - since
}

/** Measures signed webhooks of a server, and beside it what a database of the same kind can do with the same rows. */
export const benchWebhooks = async (
  server: StartedServer,
  bare: Database,
  loader: Loader,
  seconds: number,
  goals: boolean,
): Promise<Measure[]> => {
  const raw = await openRawBound(bare)
  const measures: Measure[] = []
  const body = JSON.stringify({ text })
  for (const nodes of [1, 10, 50]) {
    const served = await serve(server, `chain-${nodes}`, chain(nodes))
    await callOnce(served, body)
    const commit = raw.committer(nodes + 2, text)
    const goal = nodes === 10 && goals
    await loader.load({ ...served, body, clients: 64, seconds: seconds / 2 })
    const single = await loader.load({ ...served, body, clients: 1, seconds })
    const many = await loader.load({ ...served, body, clients: 64, seconds })
    await rate(64, seconds / 4, commit)
    const bareSingle = await median(150, commit)
    const bareMany = await rate(64, seconds / 2, commit)
    const of = (what: string) => `${nodes} ${nodes === 1 ? 'node' : 'nodes'}, ${what}`
    measures.push(
      { what: of('1 client, p50'), value: single.p50, unit: 'ms', bound: bareSingle, ...(goal && { goal: '≤ 3' }) },
      {
        what: of('64 clients'),
        value: many.perSecond,
        unit: 'runs/s',
        bound: bareMany,
        ...(goal && { goal: '≥ 1,500' }),
      },
    )
  }
  const served = await serve(server, 'map', map)
  for (const [rows, goal] of [
    [1_000, '≤ 100'],
    [10_000, '≤ 1,000'],
  ] as const) {
    const list = JSON.stringify({ rows: Array.from({ length: rows }, (_, at) => `customer ${at}`) })
    await callOnce(served, list)
    const times = [await callOnce(served, list), await callOnce(served, list), await callOnce(served, list)]
    const bound = await median(3, () => raw.commit(rows * 3, 'Dear customer 1, hello'))
    const value = times.sort((a, b) => a - b)[1] ?? 0
    measures.push({ what: `map of ${rows.toLocaleString('en')} rows × 3 nodes`, value, unit: 'ms', bound, goal })
  }
  await raw.drop()
  return measures
}
