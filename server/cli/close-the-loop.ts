import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import OpenAI from 'openai'
import { z } from 'zod'
import { wilson } from '#nodes/lib/interval.ts'
import { report, score } from '#nodes/ports.ts'
import type { ExampleClient } from './example-client.ts'

/** Right answers of all answers. */
export type Share = { k: number; n: number }
export type Measured = {
  base: Share
  tuned: Share
  /** What it knew before, by task: how much of it is left. */
  old: Record<string, { before: Share; after: Share }>
}

const measuredReport = report.transform(({ n, passed }): Share => ({ k: passed ?? 0, n }))
const output = z.object({
  base: measuredReport,
  tuned: measuredReport,
  scoresBefore: z.array(score),
  scoresAfter: z.array(score),
  deployment: z.object({ name: z.string(), revision: z.int() }),
})

const rowsOf = async <S extends z.ZodType>(folder: string, file: string, schema: S): Promise<z.output<S>[]> =>
  (await readFile(join(folder, file), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)))

const shareOf = (scores: readonly z.infer<typeof score>[], at: readonly number[]): Share => ({
  k: at.filter((place) => scores[place]?.passed).length,
  n: at.length,
})

/** What a finished run of the example measured. Scores stand in the order of the rows of old.jsonl. */
export const measure = async (folder: string, run: unknown): Promise<Measured & { deployment: string }> => {
  const { base, tuned, scoresBefore, scoresAfter, deployment } = output.parse(run)
  const rows = await rowsOf(folder, 'old.jsonl', z.looseObject({ task: z.string() }))
  if (scoresBefore.length !== rows.length || scoresAfter.length !== rows.length)
    throw new Error(`The run scored ${scoresBefore.length} and ${scoresAfter.length} of ${rows.length} old rows.`)
  const places = Object.groupBy(rows.keys(), (at) => rows[at]?.task ?? '')
  const old = Object.fromEntries(
    Object.entries(places).map(([task, at = []]) => [
      task,
      { before: shareOf(scoresBefore, at), after: shareOf(scoresAfter, at) },
    ]),
  )
  return { base, tuned, old, deployment: deployment.name }
}

/** `99.5 % [97.2–99.9]`, Wilson's 95 % interval. */
export const told = ({ k, n }: Share): string => {
  const { low, high } = wilson(k, n)
  const percent = (share: number) => (100 * share).toFixed(1)
  return `${percent(k / n)} % [${percent(low)}–${percent(high)}]`
}

/** Before and after, a line each, aligned. */
export const table = ({ base, tuned, old }: Measured): string => {
  const all = (when: 'before' | 'after'): Share =>
    Object.values(old).reduce((sum, task) => ({ k: sum.k + task[when].k, n: sum.n + task[when].n }), { k: 0, n: 0 })
  const lines = [
    ['', 'n', 'local:tiny', 'tuned'],
    ['new: which team', String(base.n), told(base), told(tuned)],
    ...Object.entries(old).map(([task, { before, after }]) => [
      `old: ${task}`,
      String(before.n),
      told(before),
      told(after),
    ]),
    ['old: all', String(all('before').n), told(all('before')), told(all('after'))],
  ]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Asks the deployment as any program would: by the official client, with a key that may call nothing else. */
export const askDeployment = async ({ url, ask }: ExampleClient, folder: string, name: string): Promise<string> => {
  const { key } = await ask<{ key: string }>('POST', '/api/keys', { name, scope: 'serve', only: [name] })
  const [first] = await rowsOf(folder, 'test.jsonl', z.object({ ticket: z.string(), team: z.string() }))
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key })
  const answer = await client.chat.completions.create({
    model: name,
    temperature: 0,
    max_tokens: 8,
    messages: [{ role: 'user', content: `Which team? ${first?.ticket}` }],
  })
  return answer.choices[0]?.message.content ?? ''
}
