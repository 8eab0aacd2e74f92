import { readFile } from 'node:fs/promises'
import { createRayExecutor } from '#runtime/worker/ray/executor.ts'

/** A process that works on one lease through Ray and writes what it tells: FILE with `{ options, job }`. It is there to be killed. */
const { options, job } = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'))
await createRayExecutor({ ...options, log: () => undefined }).run(
  job,
  (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
  new AbortController().signal,
)
