import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** The folder of the Python package. */
export const trainerFolder = fileURLToPath(new URL('../trainer', import.meta.url))

/** The Python with the packages that are needed, or what is missing. */
export type FoundPython = { python: string } | { missing: string }

/** `PATCHBAY_PYTHON`, else `.venv` in the project's folder, which `npm run trainer:setup` makes; what it has is not looked at. */
export const namedPython = (named = process.env['PATCHBAY_PYTHON']): FoundPython => {
  const own = ['.venv/bin/python', '.venv/Scripts/python.exe'].map((path) => join(root, path)).find(existsSync)
  const python = named || own
  return python ? { python } : { missing: 'there is no .venv; run `npm run trainer:setup` once' }
}

/** That Python, if it has what the trainer pins for one use: `job` to train, `serve` to answer. */
export const findPython = async (use: 'job' | 'serve', named?: string): Promise<FoundPython> => {
  const found = namedPython(named)
  if ('missing' in found) return found
  const { python } = found
  try {
    await run(python, [join(trainerFolder, 'check_environment.py'), use], { timeout: 60_000 })
    return found
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return { missing: `${python}: ${stderr?.trim().split('\n').at(-1) || message}; run \`npm run trainer:setup\`` }
  }
}
