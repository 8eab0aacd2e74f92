import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { secretVariable } from '#nodes/lib/secret-variable.ts'
import { registry } from '#nodes/registry.ts'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'
import { createEngine } from '#runtime/engine/create-engine.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { RunRecord, StartRequest } from '#runtime/engine/run.ts'
import { fieldsOf, parseRunInput } from '#runtime/pipeline/run-input.ts'
import type { Artifacts } from '#runtime/store/artifacts.ts'
import { openArtifacts } from '#runtime/store/file-artifacts.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { formatFindings, judge, readPipeline } from './document.ts'
import { collectFiles } from './files.ts'
import { readInputs } from './inputs.ts'
import { tellEvent } from './progress.ts'
import { exitCodes, UsageError } from './usage-error.ts'

export type RunOptions = {
  input: readonly string[]
  inputFile?: string
  /** Prints the whole run record instead of its output. */
  json?: boolean
  /** The folder with `.gguf` files for `local:` models. */
  models?: string
}
type Terminal = { print: (text: string) => void; say: (line: string) => void; signal: AbortSignal }

/** Where a server started here would look for models; the worker makes its folder, which must not litter. */
const modelsFolder = (otherwise: string): string => {
  const folder = resolve(process.env['PATCHBAY_DATA'] || '.patchbay', 'models')
  return existsSync(folder) ? folder : join(otherwise, 'models')
}

const readInputFile = async (file: string): Promise<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    throw new UsageError(`${file} cannot be read as JSON: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
  throw new UsageError(`${file} must hold a JSON object with one value per input field.`)
}

/** Checks everything that can be checked before anything is started. */
const prepare = async (file: string, options: RunOptions, artifacts: Artifacts): Promise<StartRequest> => {
  const document = await readPipeline(file)
  const files = await collectFiles(file, document, artifacts.write)
  const { lifted, findings } = judge(document, Object.keys(files))
  if (findings.some((finding) => finding.level === 'error')) throw new UsageError(formatFindings(file, findings))
  const given = {
    ...(options.inputFile !== undefined && (await readInputFile(options.inputFile))),
    ...readInputs(fieldsOf(lifted), options.input),
  }
  const parsed = parseRunInput(lifted, given)
  if (!parsed.ok) throw new UsageError(parsed.errors.map((error) => error.message).join('\n'))
  return { workspace: 'local', document, files, input: parsed.input, trigger: 'cli' }
}

const follow = async (
  engine: Engine,
  request: StartRequest,
  { say, signal }: Terminal,
): Promise<RunRecord | undefined> => {
  const titles = new Map(request.document.nodes.map((node) => [node.id, node.title ?? node.id]))
  signal.throwIfAborted()
  const { id } = await engine.start(request)
  const cancel = () => void engine.cancel(request.workspace, id).catch((error: unknown) => say(String(error)))
  signal.addEventListener('abort', cancel)
  // Ctrl+C may have come while it was started, when nobody listened yet.
  if (signal.aborted) cancel()
  for await (const event of engine.events(id)) {
    const line = tellEvent(event, (node) => titles.get(node) ?? node)
    if (line !== undefined) say(line)
  }
  return engine.wait(id, 10_000)
}

/**
 * `patchbay run FILE`: the server's engine on a database in memory. The output goes to stdout, all else to stderr.
 * @returns the exit code
 * @throws UsageError
 */
export const runFile = async (file: string, options: RunOptions, terminal: Terminal): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-run-'))
  const artifacts = openArtifacts(folder)
  const worker = createLocalWorker({ models: options.models ?? modelsFolder(folder) })
  try {
    const request = await prepare(file, options, artifacts)
    const database = await openDatabase({ memory: true })
    const engine = await createEngine({
      database,
      registry,
      artifacts,
      secret: async (_, name) => process.env[secretVariable(name)],
      endpoint: worker.endpoint,
      // A person waits at the terminal, and a database in this memory is slow only when the machine is.
      patience: 60_000,
    })
    try {
      return report(await follow(engine, request, terminal), options, terminal)
    } finally {
      await engine.stop(2_000)
      await database.close()
    }
  } finally {
    await worker.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const report = (run: RunRecord | undefined, { json }: RunOptions, { print, say }: Terminal): number => {
  if (run && json) print(JSON.stringify(run, null, 2))
  switch (run?.status) {
    case 'succeeded':
      if (!json) print(JSON.stringify(run.output ?? {}, null, 2))
      return exitCodes.ok
    case 'waiting':
      say('The run waits for an approval. Run it on a server (patchbay serve) to answer.')
      return exitCodes.waiting
    case 'failed':
      say(
        `The run failed${run.error?.node === undefined ? '' : ` at ${run.error.node}`}: ${run.error?.message ?? 'no reason was given.'}`,
      )
      return exitCodes.failed
    default:
      say(`The run did not end as it should (${run?.status ?? 'lost'}).`)
      return exitCodes.failed
  }
}
