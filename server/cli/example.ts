import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Saved } from '../api.ts'
import { readEnvironment } from '../env.ts'
import { listExamples } from '../examples.ts'
import { createLog } from '../log.ts'
import { startServer } from '../main.ts'
import { askDeployment, measure, table } from './close-the-loop.ts'
import { type ExampleClient, exampleClient } from './example-client.ts'
import { tellEvent } from './progress.ts'
import { exitCodes, UsageError } from './usage-error.ts'

const folderOf = (name: string) => join(import.meta.dirname, '../../examples', name)
const say = (line: string) => void process.stderr.write(`${line}\n`)

/** How often the progress of one step is told, in ms. */
const pause = 3_000

/** Tells a person at a terminal what a run does; of long steps also how far they are. */
const teller = (): ((event: RunEvent) => void) => {
  let last = 0
  return (event) => {
    const line = tellEvent(event, (node) => node)
    if (line !== undefined) say(line)
    if (event.type !== 'step-progress' || Date.now() - last < pause) return
    last = Date.now()
    const numbers = Object.entries(event.metrics ?? {}).map(
      ([name, value]) => `${name} ${Number(value.toPrecision(3))}`,
    )
    const left = event.secondsLeft === undefined ? [] : [`${Math.ceil(event.secondsLeft)} s left`]
    say(
      `… ${event.node}  ${[`${Math.round(100 * event.fraction)} %`, event.note, ...numbers, ...left].filter(Boolean).join(', ')}`,
    )
  }
}

/** @throws Error when the run does not succeed */
const runExample = async (client: ExampleClient, name: string): Promise<RunRecord> => {
  const saved = await client.ask<Saved>('POST', `/api/examples/${name}`)
  const cases = z
    .array(z.object({ input: z.record(z.string(), z.unknown()) }))
    .parse(JSON.parse(await readFile(join(folderOf(name), 'expect.json'), 'utf8')))
  const { id } = await client.ask<{ id: string }>('POST', `/api/pipelines/${saved.id}/runs`, {
    input: cases[0]?.input ?? {},
  })
  const run = await client.follow(id, teller())
  if (run.status === 'succeeded') return run
  const place = run.error?.node === undefined ? '' : ` at "${run.error.node}"`
  throw new Error(`The run ${run.status}${place}: ${run.error?.message ?? 'no reason was given.'}`)
}

/** The whole loop, measured: a table for people, one line of JSON for programs. */
const closeTheLoop = async (client: ExampleClient, name: string): Promise<void> => {
  const run = await runExample(client, name)
  const { deployment, ...measured } = await measure(folderOf(name), run.output)
  const answer = await askDeployment(client, folderOf(name), deployment)
  console.log(`${table(measured)}\n\n${deployment} answers: ${answer}`)
  console.log(JSON.stringify({ ...measured, answer }))
}

const main = async (name: string | undefined): Promise<void> => {
  const names = (await listExamples()).map(({ id }) => id)
  if (name === undefined || !names.includes(name))
    throw new UsageError(`Name an example: npm run example <name>. There are: ${names.join(', ')}.`)
  const data = await mkdtemp(join(tmpdir(), 'patchbay-example-'))
  const token = randomBytes(32).toString('base64url')
  const log = createLog()
  const settings = readEnvironment({ PORT: '0', PATCHBAY_DATA: data, PATCHBAY_ADMIN_TOKEN: token, NO_OPEN: '1' })
  let server: Awaited<ReturnType<typeof startServer>> | undefined
  const end = async () => {
    await server?.stop(1_000)
    await rm(data, { recursive: true, force: true })
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void end().finally(() => process.exit(exitCodes.failed)))
  try {
    server = await startServer(settings, (level, message, fields) => {
      if (level !== 'info') log(level, message, fields)
    })
    const client = exampleClient(server.url, token)
    if (name === 'close-the-loop') await closeTheLoop(client, name)
    else console.log(JSON.stringify((await runExample(client, name)).output, null, 2))
  } finally {
    await end()
  }
}

await main(process.argv[2]).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.failed
})
