import { join } from 'node:path'
import { startServer } from '../support/start-server.ts'
import { benchOverhead } from './dispatch/overhead.ts'
import { benchPrefixTraffic } from './dispatch/prefix-traffic.ts'
import { startAskers } from './dispatch/side-by-side.ts'
import { benchTiny } from './dispatch/tiny-engine.ts'
import type { Table } from './report.ts'

/** Measures the way of model calls to workers: what it costs, and where it sends them. */
export const benchDispatch = async (folder: string, seconds: number, add: (table: Table) => void): Promise<void> => {
  const askers = startAskers()
  const server = await startServer({ data: join(folder, 'data-dispatch') })
  try {
    add({
      title: 'Model calls through `/v1/chat/completions`',
      note: 'Beside it: the same calls straight to the engine, in turn within one run. The engine computes nothing: 20 tokens, one each 5 ms, for any number of clients.',
      beside: 'direct',
      measures: await benchOverhead(server, askers, seconds),
    })
    add({
      title: 'Model calls through `/v1/chat/completions` to `local:tiny`',
      note: 'The engine that ships computes on the same cores as everything else. Beside it: the same process, asked directly.',
      beside: 'direct',
      measures: await benchTiny(server, askers, join(folder, 'models'), seconds),
    })
  } finally {
    askers.stop()
    await server.end()
  }
  add({
    title: 'Prompts that begin alike, two workers, 8 clients',
    note: '40 handbooks of 32 blocks, each prompt one of them and a question of 4 blocks. A worker’s cache holds half of it all; a block that is not there takes 2 ms. A perfect choice has 89 % cached.',
    measures: await benchPrefixTraffic(seconds),
  })
}
