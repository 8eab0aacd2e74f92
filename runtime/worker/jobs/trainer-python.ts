import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../..', import.meta.url))
/** The folder of the Python package. */
export const trainerFolder = fileURLToPath(new URL('../trainer', import.meta.url))

/** The Python with the packages that jobs need, or what is missing. */
export type FoundPython = { python: string } | { missing: string }

/** `PATCHBAY_PYTHON`, else `.venv` in the project's folder (made by `npm run trainer:setup`), if it has what the trainer pins. */
export const findJobPython = async (named = process.env['PATCHBAY_PYTHON']): Promise<FoundPython> => {
  const own = ['.venv/bin/python', '.venv/Scripts/python.exe'].map((path) => join(root, path)).find(existsSync)
  const python = named || own
  if (!python) return { missing: 'there is no .venv; run `npm run trainer:setup` once' }
  try {
    await run(python, [join(trainerFolder, 'check_environment.py'), 'job'], { timeout: 60_000 })
    return { python }
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return { missing: `${python}: ${stderr?.trim().split('\n').at(-1) || message}; run \`npm run trainer:setup\`` }
  }
}
