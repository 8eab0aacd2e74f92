import { expect, test } from 'vitest'
import type { AnyNode, JobRequest, TunedModel } from '../define.ts'
import { contextFor } from '../lib/run-example.ts'
import { asJsonl, drawLines, splitLines } from '../lib/training-rows.ts'
import type { Row } from '../ports.ts'
import { fineTune } from './fine-tune.ts'

const itemsOf = async function* (rows: readonly (Row | null)[]) {
  for (const [at, value] of rows.entries())
    yield value ? { path: [at], value } : { path: [at], hole: 'failed' as const }
}
const artifact = (name: string) => ({ sha256: name, mime: 'application/octet-stream', bytes: 1, name })

/** Runs the node up to what it asks of the server, and answers as a worker that did it. */
const train = async (config: Record<string, unknown>, inputs: Record<string, readonly (Row | null)[]>) => {
  const streams = Object.fromEntries(Object.entries(inputs).map(([name, rows]) => [name, itemsOf(rows)]))
  const context = contextFor(fineTune as unknown as AnyNode, { config, inputs: streams })
  const asked: { job?: JobRequest; kept?: TunedModel } = {}
  const result = await fineTune.run({
    ...context,
    job: async (job: JobRequest) => {
      asked.job = job
      return {
        id: 'job-1',
        outputs: { 'adapter_config.json': artifact('c'), 'adapter.gguf': artifact('g') },
        summary: { loss: 0.5 },
      }
    },
    keepModel: async (kept: TunedModel) => {
      asked.kept = kept
      return { model: `tuned:${kept.name}@1` }
    },
  } as unknown as Parameters<typeof fineTune.run>[0])
  const lines = async (name: string) => {
    const of = asked.job?.inputs[name]
    if (!of) return []
    const text = new TextDecoder().decode(await context.artifacts.read(of))
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  }
  return { ...asked, result, data: await lines('data'), evaluation: await lines('evaluation') }
}

const templates = { prompt: 'Which team?\n{{text}}', completion: '{{team}}' }
const rows = Array.from({ length: 100 }, (_, at) => ({ text: `ticket ${at}`, team: `team ${at % 4}` }))
const old = Array.from({ length: 30 }, (_, at) => ({ prompt: `copy ${at}`, completion: `${at}`, extra: true }))

test('rows become the lines that a trainer reads, and the same rows the same bytes', async () => {
  const first = await train({ ...templates, name: 'router', epochs: 2, rate: 0.01 }, { rows: [...rows, null] })
  expect(first.data[1]).toEqual({ prompt: 'Which team?\nticket 1', completion: 'team 1' })
  expect(first.data).toHaveLength(100)
  expect(first.job).toMatchObject({
    kind: 'train',
    spec: { method: 'lora', base: 'local:tiny', name: 'router', epochs: 2, rate: 0.01, rank: 8, seed: 0 },
    needs: { gpus: 0, memory: 0 },
  })
  expect(Object.keys(first.job?.spec ?? {})).not.toEqual(expect.arrayContaining(['prompt']))
  expect(first.kept).toMatchObject({
    name: 'router',
    form: 'adapter',
    job: 'job-1',
    dataDigest: first.job?.inputs['data']?.sha256,
    settings: { rank: 8, templates, rows: 100, holes: 1 },
    metrics: { loss: 0.5 },
  })
  expect(first.result).toEqual({
    model: { model: 'tuned:router@1' },
    report: { loss: 0.5, rows: 100, replayed: 0, evaluated: 0, holes: 1, model: 'tuned:router@1', job: 'job-1' },
  })
  const again = await train({ ...templates, name: 'router' }, { rows })
  expect(again.job?.inputs['data']?.sha256).toBe(first.job?.inputs['data']?.sha256)
})

test('old tasks are mixed in as they are, as many as were asked for and are there', async () => {
  const some = await train({ ...templates, replayPerRow: 0.1 }, { rows, replay: old })
  expect(some.data).toHaveLength(110)
  expect(some.data.slice(100).every((line) => /^copy/.test((line as { prompt: string }).prompt))).toBe(true)
  expect(some.data.at(-1)).not.toHaveProperty('extra')
  expect((await train({ ...templates, replayPerRow: 5 }, { rows, replay: old })).data).toHaveLength(130)
  expect((await train({ ...templates, replayPerRow: 0 }, { rows, replay: old })).data).toHaveLength(100)
})

test('rows for evaluation are wired in, or kept from the others', async () => {
  const kept = await train({ ...templates, evaluationShare: 0.2 }, { rows })
  expect(kept.data.length + kept.evaluation.length).toBe(100)
  expect(kept.evaluation.length).toBeGreaterThan(8)
  expect(kept.evaluation.length).toBeLessThan(35)
  const wired = await train({ ...templates, evaluationShare: 0.2 }, { rows, evaluation: rows.slice(0, 3) })
  expect([wired.data.length, wired.evaluation.length]).toEqual([100, 3])
})

test('every method reads its own form of row, and says which', async () => {
  const chat = {
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ],
  }
  expect((await train({}, { rows: [chat] })).data).toEqual([chat])
  expect((await train({ method: 'pretrain' }, { rows: [{ text: 'a b', by: 'c' }] })).data).toEqual([{ text: 'a b' }])
  const pair = { prompt: 'p', chosen: 'good', rejected: 'bad' }
  expect((await train({ method: 'dpo' }, { rows: [pair] })).data).toEqual([pair])
  const dpo = { method: 'dpo', prompt: '{{p}}', completion: '{{g}}', rejected: '{{b}}' }
  expect((await train(dpo, { rows: [{ p: 'p', g: 'good', b: 'bad' }] })).data).toEqual([pair])
  await expect(train({ method: 'dpo' }, { rows: [chat] })).rejects.toThrow(/"chosen" and "rejected"/)
  await expect(train({}, { rows: [{ prompt: 'p', completion: ' ' }] })).rejects.toMatchObject({ code: 'row-invalid' })
  await expect(train({ base: 'openai:gpt' }, { rows: [chat] })).rejects.toMatchObject({ code: 'base-invalid' })
})

test('the same line never stands on both sides, and a draw is the same each time', () => {
  const lines = [...rows, ...rows].map((row) => JSON.stringify(row))
  const { train: learned, evaluation } = splitLines(lines, 0.3, 1)
  expect(learned.filter((line) => evaluation.includes(line))).toEqual([])
  expect(splitLines(lines, 0.3, 2).evaluation).not.toEqual(evaluation)
  expect(drawLines(lines, 7, 1)).toEqual(drawLines(lines, 7, 1))
  expect(drawLines(lines, 7, 1)).toHaveLength(7)
  expect(new TextDecoder().decode(asJsonl(['{"a":1}']))).toBe('{"a":1}\n')
})
