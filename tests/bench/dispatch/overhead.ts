import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { StartedServer } from '../../support/start-server.ts'
import type { Measure } from '../engine.ts'
import { enrol, serveKey } from './enrol.ts'
import type { Askers } from './side-by-side.ts'
import { startClockEngine } from './start-clock-engine.ts'

const model = 'clock'
const bodies = [{ messages: [{ role: 'user', content: 'Say something that takes a while.' }] }]

/** What the way through the server adds to answers of an engine whose tokens come by the clock. */
export const benchOverhead = async (server: StartedServer, askers: Askers, seconds: number): Promise<Measure[]> => {
  const engine = await startClockEngine({ tokens: 20, gap: 5 })
  const leave = await enrol(server, { url: engine.url, model })
  const relay = fork(join(import.meta.dirname, 'bare-relay.ts'), [new URL(engine.url).origin])
  const [port] = (await once(relay, 'message')) as [number]
  const places = [
    { url: engine.url, model },
    { url: `${server.url}/v1`, token: await serveKey(server), model: `local:${model}` },
    { url: `http://127.0.0.1:${port}/v1`, model },
  ]
  const measures: Measure[] = []
  try {
    for (const clients of [1, 8, 32]) {
      const [direct, through, bare] = await askers.compare(places, { bodies, clients, seconds: seconds / 2 })
      if (!direct || !through || !bare) throw new Error('The bench compared nothing.')
      const of = (what: string) => `${clients} ${clients === 1 ? 'client' : 'clients'}, ${what}`
      const share = (100 * through.answers) / direct.answers
      measures.push(
        { what: of('first token, p50'), value: through.first, unit: 'ms', bound: direct.first },
        { what: of('added to the first token'), value: through.first - direct.first, unit: 'ms', goal: '≤ 2' },
        { what: of('whole answer, p50'), value: through.total, unit: 'ms', bound: direct.total },
        { what: of('added to the whole answer'), value: through.total - direct.total, unit: 'ms', goal: '≤ 2' },
        { what: of('first token through a bare relay, p50'), value: bare.first, unit: 'ms', bound: direct.first },
        { what: of('throughput'), value: through.answers, unit: 'answers/s', bound: direct.answers },
        { what: of('throughput, share of direct'), value: share, unit: '%', goal: '≥ 95' },
        {
          what: of('throughput through a bare relay, share of direct'),
          value: (100 * bare.answers) / direct.answers,
          unit: '%',
        },
      )
    }
    return measures
  } finally {
    leave()
    relay.kill()
    engine.stop()
  }
}
