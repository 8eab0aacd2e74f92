import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** The release that Patchbay is tested with; the extra `ray` of the trainer pins it. */
export const rayVersionWanted = '2.60.0'

/** A Python with Ray and the trainer's packages: `PATCHBAY_RAY_PYTHON`, `PATCHBAY_PYTHON`, else `.venv`. What is missing is said. */
export const findRayPython = (
  root: string,
  named = process.env.PATCHBAY_RAY_PYTHON || process.env.PATCHBAY_PYTHON,
): { python: string } | { missing: string } => {
  const inside = ['.venv/bin/python', '.venv/Scripts/python.exe'].map((path) => join(root, path)).find(existsSync)
  const python = named || inside
  if (!python) return { missing: 'there is no .venv, and PATCHBAY_RAY_PYTHON is not set' }
  const check = spawnSync(
    python,
    [
      '-c',
      "from importlib.metadata import version as v; import sys; v('peft'); v('fastapi'); sys.stdout.write(v('ray'))",
    ],
    { encoding: 'utf8' },
  )
  if (check.status === 0 && check.stdout === rayVersionWanted) return { python }
  if (check.status === 0) return { missing: `${python} has Ray ${check.stdout}, wanted ${rayVersionWanted}` }
  return { missing: `${python}: ${check.error?.message ?? check.stderr.trim().split('\n').at(-1)}` }
}
