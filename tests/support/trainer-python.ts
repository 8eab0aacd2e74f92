import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export type TrainerPython = { python: string } | { missing: string }

/** A Python that has the packages which the trainer pins: `PATCHBAY_PYTHON`, else `.venv`. What is missing is said. */
export const findTrainerPython = (root: string, named = process.env.PATCHBAY_PYTHON): TrainerPython => {
  const inside = ['.venv/bin/python', '.venv/Scripts/python.exe'].map((path) => join(root, path)).find(existsSync)
  const python = named || inside
  if (!python) return { missing: 'there is no .venv and PATCHBAY_PYTHON is not set' }
  const check = spawnSync(python, [join(root, 'runtime/worker/trainer/check_environment.py'), 'test', 'job', 'serve'], {
    encoding: 'utf8',
  })
  if (check.status === 0) return { python }
  return { missing: `${python}: ${check.error?.message ?? check.stderr.trim().split('\n').at(-1)}` }
}
