import { parseArgs } from 'node:util'

export type SetupOptions = {
  /** Also what the trainer's own tests need. */
  test: boolean
  /** PyTorch's default build, with CUDA, in place of the one for CPUs. */
  cuda: boolean
}

/** Reads the command line. @throws Error with a sentence about what is not known */
export const readSetupOptions = (args: string[]): SetupOptions => {
  try {
    const { values } = parseArgs({
      args,
      options: { test: { type: 'boolean', default: false }, cuda: { type: 'boolean', default: false } },
    })
    return { test: values.test, cuda: values.cuda }
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('. ') : ['']
    throw new Error(
      `${reason}. Give --cuda for PyTorch's CUDA build, --test for what the trainer's tests need, or nothing.`,
    )
  }
}

/** A command that starts a Python, in the order in which they are tried. A named one is the only one. */
export const pythonCommands = (named: string | undefined, platform: NodeJS.Platform = process.platform): string[][] => {
  if (named) return [[named]]
  const numbered = ['3.13', '3.12', '3.11']
  return platform === 'win32'
    ? [...numbered.map((version) => ['py', `-${version}`]), ['py', '-3'], ['python']]
    : [...numbered.map((version) => [`python${version}`]), ['python3']]
}

/** What a Python says of itself for `print(sys.version)`: whether it is new enough. */
export const isRecent = (version: string): boolean => {
  const [major = 0, minor = 0] = version.trim().split('.').map(Number.parseFloat)
  return major === 3 && minor >= 11
}

/** The first command whose Python is new enough; `ask` gives its version, or undefined where it does not start. */
export const choosePython = (
  commands: readonly string[][],
  ask: (command: readonly string[]) => string | undefined,
): { command: string[]; version: string } | undefined => {
  for (const command of commands) {
    const version = ask(command)
    if (version !== undefined && isRecent(version)) return { command, version }
  }
  return undefined
}

/** What to do where there is no Python, on this kind of machine. */
export const noPython = (named: string | undefined, platform: NodeJS.Platform = process.platform): string => {
  if (named) return `PATCHBAY_PYTHON_BASE is ${named}, which is no Python 3.11 or newer. Name one, or leave it out.`
  const how =
    platform === 'darwin'
      ? 'brew install python@3.13 (or the installer of python.org)'
      : platform === 'win32'
        ? 'winget install Python.Python.3.13'
        : 'apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer), or install uv'
  return `There is no Python 3.11 or newer. Install one: ${how}. Then run npm run trainer:setup again; PATCHBAY_PYTHON_BASE names one that is elsewhere.`
}

/** The line of pyproject.toml that pins PyTorch, such as `torch==2.10.0`. */
export const pinnedTorch = (pyproject: string): string => {
  const pin = /"(torch==[^"]+)"/.exec(pyproject)?.[1]
  if (pin === undefined) throw new Error('pyproject.toml pins no torch.')
  return pin
}

/** What installs packages into the Python: uv where there is one, else its pip. */
export type Installer = { command: string[]; uv: boolean }

/** PyTorch's builds for CPUs: a tenth of the size. There are none apart for macOS, whose only build is as small. */
export const cpuIndex = 'https://download.pytorch.org/whl/cpu'

/** Installs PyTorch alone, from its index of CPU builds. A network that does not reach it is noticed soon. */
export const torchForCpu = (
  { command, uv }: Installer,
  torch: string,
): { command: string[]; env: NodeJS.ProcessEnv } =>
  uv
    ? { command: [...command, '--index-url', cpuIndex, torch], env: { UV_HTTP_TIMEOUT: '10', UV_HTTP_RETRIES: '1' } }
    : { command: [...command, '--timeout', '10', '--retries', '1', '--index-url', cpuIndex, torch], env: {} }

/** Replaces a CPU build by the default one: pip takes 2.10.0+cpu for 2.10.0, so it must be told. */
export const torchForCuda = ({ command, uv }: Installer, torch: string): string[] =>
  uv ? [...command, '--reinstall-package', 'torch', torch] : [...command, '--force-reinstall', '--no-deps', torch]
