import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findPython, namedPython } from '../../jobs/trainer-python.ts'
import { hasVllm } from './command.ts'

const run = promisify(execFile)
/** A Python that can serve, and with what, such as `vllm 0.12.0` or `transformers 5.23.0`. */
export type ServingPython = { python: string; version: string }

const versionOf = async (python: string, name: string): Promise<string> => {
  const code = 'import sys; from importlib.metadata import version; sys.stdout.write(version(sys.argv[1]))'
  return `${name} ${(await run(python, ['-c', code, name], { timeout: 60_000 })).stdout}`
}

/**
 * The Python for models in transformers' form: `PATCHBAY_PYTHON`, else `.venv`, with vLLM or with what our own server needs.
 * @throws Error that says what is missing and how to get it
 */
export const findServingPython = async (named?: string): Promise<ServingPython> => {
  const found = namedPython(named)
  if ('python' in found && (await hasVllm(found.python)))
    return { ...found, version: await versionOf(found.python, 'vllm') }
  const ours = await findPython('serve', named)
  if ('missing' in ours)
    throw new Error(`--python needs a Python with the trainer's packages or with vLLM, but ${ours.missing}.`)
  return { ...ours, version: await versionOf(ours.python, 'transformers') }
}
