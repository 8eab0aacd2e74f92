import { Command, CommanderError } from 'commander'
import { version } from '../version.ts'
import { checkFiles } from './check.ts'
import { exitCodes, UsageError } from './usage-error.ts'

const say = (line: string): void => {
  process.stderr.write(`${line}\n`)
}
const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}
const collect = (value: string, before: readonly string[]): string[] => [...before, value]
/** Lets stdout and stderr drain, which process.exit would cut. */
const end = (code: number): void => {
  process.exitCode = code
}

const program = new Command('patchbay')
  .description('Builds and runs AI pipelines.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('Run patchbay --help to see how it is called.')

program
  .command('serve', { isDefault: true })
  .description('starts the server and opens the editor, as npm start does')
  .option('--host <address>', 'address to listen on (HOST)')
  .option('--port <number>', 'port to listen on (PORT)')
  .option('--data <folder>', 'where everything is kept (PATCHBAY_DATA)')
  .option('--no-open', 'does not open the browser (NO_OPEN=1)')
  .action(async (options: { host?: string; port?: string; data?: string; open: boolean }) => {
    const { prepare } = await import('./prepare.ts')
    await prepare({ ...process.env, ...(options.data !== undefined && { PATCHBAY_DATA: options.data }) }, say)
    const { serve } = await import('../main.ts')
    await serve({
      ...process.env,
      ...(options.host !== undefined && { HOST: options.host }),
      ...(options.port !== undefined && { PORT: options.port }),
      ...(options.data !== undefined && { PATCHBAY_DATA: options.data }),
      ...(!options.open && { NO_OPEN: '1' }),
    })
  })

program
  .command('run')
  .description('runs a pipeline file without a server; prints its output as JSON')
  .argument('<file>', 'the pipeline document')
  .option('--input <name=value>', 'a value of an input field; may be given several times', collect, [])
  .option('--input-file <file>', 'a JSON file with the input; --input goes before it')
  .option('--models <folder>', 'folder with .gguf files for local: models')
  .option('--json', 'prints the whole run instead of its output')
  .addHelpText(
    'after',
    '\nSecrets come from PATCHBAY_SECRET_<NAME>. Exit codes: 0 done, 1 the run failed, 2 bad call, input or document, 3 waits for an approval.',
  )
  .action(async (file: string, options: { input: string[]; inputFile?: string; models?: string; json?: boolean }) => {
    const { runFile } = await import('./run.ts')
    const stop = new AbortController()
    const onSignal = () => stop.abort(new Error('Stopped before the run began.'))
    process.once('SIGINT', onSignal)
    process.once('SIGTERM', onSignal)
    end(await runFile(file, options, { print, say, signal: stop.signal }))
  })

program
  .command('check')
  .description('says what is wrong with pipeline files')
  .argument('<files...>', 'pipeline documents')
  .action(async (files: string[]) => end(await checkFiles(files, say)))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) end(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
  else {
    say(error instanceof Error ? error.message : String(error))
    end(error instanceof UsageError ? exitCodes.usage : exitCodes.failed)
  }
}
