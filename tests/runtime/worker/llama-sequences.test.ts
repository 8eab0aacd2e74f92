import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLlamaEngine, type LlamaEngine } from '#runtime/worker/engines/llama/engine.ts'
import { sizeFor } from '#runtime/worker/engines/llama/size.ts'
import { tinyFile } from '#runtime/worker/models.ts'
import { isRunning } from '#tests/support/process-life.ts'
import { temporaryFolder } from '#tests/support/worker-process.ts'

const slots = sizeFor(0).sequences
const tokens = 200
/** A list that the schema keeps going, whatever the model would rather say. */
const long = (model: string, maxTokens = tokens) => ({
  model,
  messages: [{ role: 'user' as const, content: 'numbers' }],
  temperature: 0,
  stop: [],
  schema: { type: 'array', items: { type: 'integer' }, minItems: tokens },
  maxTokens,
})
const open = () => {
  const pids: number[] = []
  const engine = createLlamaEngine({
    log: (_, message, { pid } = {}) => void (message === 'model loaded' && pids.push(Number(pid))),
  })
  onTestFinished(engine.stop)
  return { engine, pids }
}
/** The order in which pieces of several answers come, by who asked. */
const race = async (engine: LlamaEngine, many: number, onPiece: () => Promise<void> = async () => undefined) => {
  const order: number[] = []
  const ends = await Promise.all(
    Array.from({ length: many }, async (_, who) => {
      for await (const piece of engine.generate(long('tiny'), AbortSignal.timeout(60_000))) {
        if (piece.type === 'end') return piece
        order.push(who)
        await onPiece()
      }
      return undefined
    }),
  )
  return { order, ends }
}
const turns = (order: readonly number[]) => order.filter((who, at) => at > 0 && who !== order[at - 1]).length

it('answers several callers at once in one process, a token of each in turn', { timeout: 60_000 }, async () => {
  const { engine, pids } = open()
  const { order, ends } = await race(engine, 2)
  expect(ends.map((end) => end?.usage.outputTokens)).toEqual([tokens, tokens])
  // One after the other would be a single turn.
  expect(turns(order)).toBeGreaterThan(50)
  expect(pids).toHaveLength(1)
})

it('lets the rest wait for a free sequence, and counts both', { timeout: 60_000 }, async () => {
  const { engine } = open()
  let most = { running: 0, waiting: 0 }
  const { ends } = await race(engine, slots + 2, async () => {
    const [tiny] = await engine.models()
    if (tiny && tiny.running + tiny.waiting > most.running + most.waiting) most = tiny
  })
  expect(most).toMatchObject({ running: slots, waiting: 2 })
  expect(ends.map((end) => end?.usage.outputTokens)).toEqual(Array(slots + 2).fill(tokens))
})

it('removes a model at once, but lets its answer end before its process does', { timeout: 60_000 }, async () => {
  const { engine, pids } = open()
  const file = join(await temporaryFolder(), 'added.gguf')
  await symlink(tinyFile, file)
  await engine.addModel({ id: 'tuned:added@1', file })
  const ask = () => engine.generate(long('tuned:added@1', 40), AbortSignal.timeout(60_000))[Symbol.asyncIterator]()
  const answer = ask()
  let piece = await answer.next()
  const removed = engine.removeModel('tuned:added@1')
  expect((await engine.models()).map(({ id }) => id)).toEqual(['tiny'])
  await expect(ask().next()).rejects.toMatchObject({ code: 'model_not_found' })
  while (piece.value?.type === 'text') piece = await answer.next()
  expect(piece.value).toMatchObject({ type: 'end', usage: { outputTokens: 40 } })
  expect(isRunning(pids[0] ?? -1)).toBe(true)
  await answer.next() // nothing is left: its sequence is free
  await removed
  expect(pids).toHaveLength(1)
  expect(isRunning(pids[0] ?? -1)).toBe(false)
  await engine.removeModel('tuned:added@1') // it is not there: nothing happens
  await expect(engine.removeModel('tiny')).resolves.toBeUndefined()
  expect((await engine.models()).map(({ id }) => id)).toEqual(['tiny'])
})
