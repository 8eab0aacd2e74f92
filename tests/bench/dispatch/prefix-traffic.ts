import { finished } from 'node:stream/promises'
import { createCalls } from '#runtime/dispatch/calls.ts'
import { createFleet } from '#runtime/dispatch/fleet.ts'
import { usualLimits } from '#runtime/dispatch/flow.ts'
import { createRouter } from '#runtime/dispatch/router.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { openSealer } from '#runtime/store/sealer.ts'
import { createWorker } from '#runtime/store/workers.ts'
import { seeded } from '../../support/random.ts'
import type { Measure } from '../engine.ts'
import { ask } from './ask.ts'
import { quantile } from './side-by-side.ts'
import { type ClockEngine, startClockEngine } from './start-clock-engine.ts'

const model = 'clock'
const clients = 8
/** Handbooks that prompts begin with, of 32 blocks each; an engine's cache holds half of them. */
const handbooks = 40
const blocks = { characters: 96, handbook: 32, question: 4 }
const cache = (handbooks / 2) * (blocks.handbook + blocks.question)

const text = (random: () => number, length: number): string =>
  Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz     '[Math.floor(random() * 31)]).join('')

/** The same prompts for all: a handbook by chance, then a question that nobody asked before. */
const promptsOf = (count: number): string[] => {
  const random = seeded(3)
  const books = Array.from({ length: handbooks }, () => text(random, blocks.handbook * blocks.characters))
  return Array.from(
    { length: count },
    () => books[Math.floor(random() * handbooks)] + text(random, blocks.question * blocks.characters),
  )
}
const bodyOf = (prompt: string) => ({ messages: [{ role: 'user', content: prompt }], stream: true })

/** Sends one prompt and gives back the milliseconds to its first token. */
type Way = (prompt: string) => Promise<number>

/** Patchbay's router over two engines, without the HTTP server in front. */
const openRouter = async (engines: readonly ClockEngine[]) => {
  const database = await openDatabase({ memory: true })
  const sealer = openSealer({ key: 'k'.repeat(32), folder: '/nowhere', shared: true })
  const fleet = await createFleet({ database, sealer, log: () => undefined })
  const ready = { state: 'ready', running: 0, waiting: 0 } as const
  const beats = async (id: string) =>
    fleet.beaten('local', id, { ...ready, capacity: 64, freeMemory: 1e9, models: [{ ...ready, id: model }], jobs: [] })
  const ids: string[] = []
  for (const [at, { url }] of engines.entries()) {
    const { id } = await createWorker(database.query, 'local', `bench-${at}`)
    const what = { engines: [], devices: [], capabilities: ['chat'] }
    await fleet.offered('local', id, { ...what, name: `bench-${at}`, version: '0', url })
    await beats(id)
    ids.push(id)
  }
  const timer = setInterval(() => void Promise.all(ids.map(beats)), 5_000)
  const router = createRouter({
    fleet,
    calls: createCalls(),
    limits: usualLimits,
    wakeFor: async () => false,
    resolveTuned: async () => undefined,
    known: async () => [],
  })
  const way: Way = async (prompt) => {
    const since = performance.now()
    const { status, body } = await router.call({
      workspace: 'local',
      tenant: 'bench',
      model: `local:${model}`,
      path: '/chat/completions',
      body: bodyOf(prompt),
      signal: AbortSignal.timeout(30_000),
    })
    // It resolves with the first byte.
    const first = performance.now() - since
    if (status !== 200 || !body) throw new Error(`A call of the bench was answered with ${status}.`)
    await finished(body.resume())
    return first
  }
  const close = async () => {
    clearInterval(timer)
    router.stop()
    fleet.stop()
    await database.close()
  }
  return { way, close }
}

const drive = async (prompts: readonly string[], way: Way): Promise<number[]> => {
  const left = prompts.values()
  const times: number[] = []
  const client = async () => {
    for (const prompt of left) times.push(await way(prompt))
  }
  await Promise.all(Array.from({ length: clients }, client))
  return times
}

/** Two workers, each with a cache for half of what is asked about: how much of the prompts is cached where they are sent. */
export const benchPrefixTraffic = async (seconds: number): Promise<Measure[]> => {
  const prompts = promptsOf(Math.round(300 * seconds))
  const chance = seeded(5)
  let turn = 0
  const direct =
    (engines: readonly ClockEngine[], pick: () => number): Way =>
    async (prompt) =>
      (await ask({ url: engines[pick()]?.url ?? '', model }, bodyOf(prompt))).first
  const still = async () => undefined
  const ways = {
    'Patchbay’s routing': openRouter,
    'round-robin': async (engines: readonly ClockEngine[]) => ({
      way: direct(engines, () => turn++ % engines.length),
      close: still,
    }),
    random: async (engines: readonly ClockEngine[]) => ({
      way: direct(engines, () => Math.floor(chance() * engines.length)),
      close: still,
    }),
  }
  const measures: Measure[] = []
  for (const [name, open] of Object.entries(ways)) {
    const settings = { tokens: 2, gap: 2, prompt: { perBlock: 2, cache } }
    const engines = [await startClockEngine(settings), await startClockEngine(settings)]
    try {
      const { way, close } = await open(engines)
      // What everybody has to evaluate once is not what is compared.
      await drive(prompts.slice(0, prompts.length / 3), way)
      for (const engine of engines) await engine.told()
      const times = await drive(prompts.slice(prompts.length / 3), way)
      const told = await Promise.all(engines.map((engine) => engine.told()))
      await close()
      const sum = (of: 'blocks' | 'cached') => told.reduce((all, one) => all + one[of], 0)
      measures.push(
        { what: `${name}: blocks that were cached`, value: (100 * sum('cached')) / sum('blocks'), unit: '%' },
        { what: `${name}: first token, p50`, value: quantile(times, 0.5), unit: 'ms' },
        { what: `${name}: first token, p95`, value: quantile(times, 0.95), unit: 'ms' },
      )
    } finally {
      for (const engine of engines) engine.stop()
    }
  }
  return measures
}
