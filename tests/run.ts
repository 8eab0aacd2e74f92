/**
 * `npm test`: types, lint and every test, with the editor built first. Ends with one line that counts. With
 * PATCHBAY_TRAINER_SETUP=1 the trainer's Python is installed first where it is missing.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRayPython } from './support/ray-python.ts'
import { findTrainerPython } from './support/trainer-python.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const step = (title: string, command: string, args: string[]): boolean => {
  console.log(`\n— ${title}`)
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0
}

const results = mkdtempSync(join(tmpdir(), 'patchbay-test-'))
const report = join(results, 'report.json')
const chosen = process.argv.slice(2)

const setup =
  process.env.PATCHBAY_TRAINER_SETUP === '1' && chosen.length === 0 && 'missing' in findTrainerPython(root)
    ? [step('trainer setup', process.execPath, ['runtime/worker/trainer/setup.ts', '--test'])]
    : []

const checks = [
  ...setup,
  step('types', bin('tsc'), ['--noEmit']),
  step('lint', bin('biome'), ['check', '.']),
  step('editor build', process.execPath, ['server/cli/build-editor.ts']),
]
const tests = step('tests', bin('vitest'), [
  'run',
  '--config',
  'tests/vitest.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...chosen,
])

const trainer = findTrainerPython(root)
if ('python' in trainer && chosen.length === 0)
  checks.push(step('trainer', trainer.python, ['-B', '-m', 'pytest', '-q', 'runtime/worker/trainer']))

const counts = (): { passed: number; failed: number } => {
  try {
    const told = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numFailedTestSuites: number
    }
    return {
      passed: told.numPassedTests,
      failed: told.numFailedTests || (tests ? 0 : Math.max(1, told.numFailedTestSuites)),
    }
  } catch {
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(results, { recursive: true, force: true })
  }
}
const { passed, failed } = counts()
const failedChecks = checks.filter((ok) => !ok).length
if ('missing' in trainer)
  console.log(
    `\nTHE TRAINER WAS NOT TESTED: ${trainer.missing}. Run npm run trainer:setup -- --test once, or npm test with PATCHBAY_TRAINER_SETUP=1.`,
  )
const ray = findRayPython(root)
if ('missing' in ray) console.log(`\nRAY WAS NOT TESTED: ${ray.missing}. See docs/ray.md.`)
console.log(`\n${passed + checks.length - failedChecks} passed, ${failed + failedChecks} failed`)
process.exit(failed + failedChecks > 0 || passed === 0 ? 1 : 0)
