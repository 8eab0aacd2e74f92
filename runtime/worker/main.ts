import { start } from './start.ts'

/** The worker process. `npm run worker -- --help` is docs/worker-process.md. */
await start(process.argv.slice(2), process.env).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
})
