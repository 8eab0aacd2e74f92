import { type Asked, ask, type Place } from './ask.ts'

/*
 * The load generator for models, a process of its own: so many clients, each with one kept connection, each asking again
 * when its last answer is whole.
 */
export type Load = { place: Place; bodies: Record<string, unknown>[]; clients: number; seconds: number }
export type Told = { asked: Asked[]; seconds: number } | { error: string }

process.on('message', async ({ place, bodies, clients, seconds }: Load) => {
  const asked: Asked[] = []
  const since = performance.now()
  const until = since + seconds * 1_000
  let turn = 0
  const client = async () => {
    while (performance.now() < until) asked.push(await ask(place, bodies[turn++ % bodies.length] ?? {}))
  }
  try {
    await Promise.all(Array.from({ length: clients }, client))
    process.send?.({ asked, seconds: (performance.now() - since) / 1_000 } satisfies Told)
  } catch (error) {
    process.send?.({ error: String(error) } satisfies Told)
  }
})
