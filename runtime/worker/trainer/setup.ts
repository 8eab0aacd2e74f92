/** `npm run trainer:setup`: makes .venv in the project's folder, with what training needs. Safe to run again. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  choosePython,
  cpuIndex,
  type Installer,
  noPython,
  pinnedTorch,
  pythonCommands,
  readSetupOptions,
  torchForCpu,
  torchForCuda,
} from './setup-plan.ts'

const folder = import.meta.dirname
const root = join(folder, '../../..')
const venv = join(root, '.venv')
const windows = process.platform === 'win32'
const python = join(venv, windows ? 'Scripts/python.exe' : 'bin/python')

const say = (line: string) => console.log(line)
/** Ends the setup with a sentence in place of a stack. */
class SetupError extends Error {}

/** What a command prints; undefined where it fails. */
const ask = (command: readonly string[], ...args: string[]): string | undefined => {
  const [name = '', ...first] = command
  const { status, stdout } = spawnSync(name, [...first, ...args], { encoding: 'utf8', timeout: 60_000 })
  return status === 0 ? stdout.trim() : undefined
}
/** Runs a command where its progress is seen. */
const show = (command: readonly string[], env: NodeJS.ProcessEnv = {}): boolean => {
  const [name = '', ...args] = command
  say(`$ ${command.join(' ')}`)
  return spawnSync(name, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0
}

const versionOf = (command: readonly string[]) => ask(command, '-c', 'import sys; print(sys.version.split()[0])')
const torchVersion = () => ask([python], '-c', 'from importlib.metadata import version; print(version("torch"))')

/** What the Python of .venv lacks; empty where nothing does. */
const lacking = (extras: string[]): string => {
  const { status, stderr } = spawnSync(python, [join(folder, 'check_environment.py'), ...extras], { encoding: 'utf8' })
  return status === 0 ? '' : stderr.trim().split('\n').at(-1) || 'it does not start'
}

const makeVenv = (hasUv: boolean): void => {
  const named = process.env['PATCHBAY_PYTHON_BASE']
  const found = choosePython(pythonCommands(named), versionOf)
  // uv finds or fetches a Python of its own where the machine has none.
  if (!found && (named || !hasUv)) throw new SetupError(noPython(named))
  say(found ? `Python ${found.version} (${found.command.join(' ')})` : 'no Python here, uv fetches one')
  const executable = found && (ask(found.command, '-c', 'import sys; print(sys.executable)') ?? found.command[0])
  const made = hasUv
    ? show(['uv', 'venv', '--clear', '--python', executable ?? '3.13', venv])
    : show([...(found?.command ?? []), '-m', 'venv', '--clear', venv])
  if (!made)
    throw new SetupError(
      'The environment could not be made; the lines above say why. On Debian and Ubuntu: apt-get install python3-venv. Then run npm run trainer:setup again.',
    )
}

const installerFor = (hasUv: boolean): Installer => {
  if (hasUv) return { command: ['uv', 'pip', 'install', '--python', python], uv: true }
  // A .venv that uv made has no pip.
  if (ask([python], '-m', 'pip', '--version') === undefined && !show([python, '-m', 'ensurepip']))
    throw new SetupError(`There is no pip in ${venv}. Delete that folder and run npm run trainer:setup again.`)
  return { command: [python, '-m', 'pip', 'install'], uv: false }
}

const install = (installer: Installer, extras: string[], cuda: boolean): void => {
  const torch = pinnedTorch(readFileSync(join(folder, 'pyproject.toml'), 'utf8'))
  const there = torchVersion()
  const kept = there?.split('+')[0] === torch.split('==')[1]
  if (cuda && there?.endsWith('+cpu')) {
    if (!show(torchForCuda(installer, torch))) throw new SetupError('PyTorch could not be replaced; see above.')
  } else if (!cuda && !kept && process.platform !== 'darwin') {
    const { command, env } = torchForCpu(installer, torch)
    if (!show(command, env))
      say(
        `${cpuIndex} did not give PyTorch's build for CPUs. Taking the default build, with CUDA: several GB larger, it works on a CPU as well.`,
      )
  }
  const target = `${folder}[${extras.join(',')}]`
  if (!show([...installer.command, target]))
    throw new SetupError(
      'The packages could not be installed; the lines above say why. With a slow or closed network, pip reads PIP_INDEX_URL, PIP_TIMEOUT, PIP_RETRIES and PIP_PROXY (uv: UV_INDEX_URL, UV_HTTP_TIMEOUT). Then run npm run trainer:setup again: it goes on where it stopped.',
    )
}

const main = (): void => {
  const { test, cuda } = readSetupOptions(process.argv.slice(2))
  const extras = ['job', 'serve', ...(test ? ['test'] : [])]
  const other = process.env['PATCHBAY_PYTHON']
  if (other) say(`PATCHBAY_PYTHON is set: workers train with ${other}, not with the .venv that this makes.`)
  const version = existsSync(python) ? versionOf([python]) : undefined
  const build = version === undefined ? undefined : torchVersion()
  if (version !== undefined && lacking(extras) === '' && !(cuda && build?.endsWith('+cpu'))) {
    say(`The trainer is set up already: .venv with Python ${version}, PyTorch ${build}.`)
    return
  }
  const hasUv = ask(['uv'], '--version') !== undefined
  if (version === undefined) makeVenv(hasUv)
  install(installerFor(hasUv), extras, cuda)
  const left = lacking(extras)
  if (left !== '')
    throw new SetupError(
      `Not all is as the trainer needs it: ${left}. Delete ${venv} and run npm run trainer:setup again.`,
    )
  say(`The trainer is set up: .venv with Python ${versionOf([python])}, PyTorch ${torchVersion()}.`)
  say('A worker that runs on this machine sees it within a minute. Try: npm run example close-the-loop')
}

try {
  main()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
