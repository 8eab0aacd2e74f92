import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  choosePython,
  isRecent,
  noPython,
  pinnedTorch,
  pythonCommands,
  readSetupOptions,
  torchForCpu,
  torchForCuda,
} from './setup-plan.ts'

it('reads its options, and says which one it does not know', () => {
  expect(readSetupOptions([])).toEqual({ test: false, cuda: false })
  expect(readSetupOptions(['--cuda', '--test'])).toEqual({ test: true, cuda: true })
  expect(() => readSetupOptions(['--gpu'])).toThrow(/--gpu.*--cuda/)
  expect(() => readSetupOptions(['cuda'])).toThrow(/cuda/)
})
it.each([
  ['3.11.7', true],
  ['3.13.0', true],
  ['3.14.0rc1', true],
  ['3.10.13', false],
  ['3.9.18', false],
  ['2.7.18', false],
  ['4.0.0', false],
  ['', false],
])('takes Python %j: %s', (version, taken) => expect(isRecent(version)).toBe(taken))

it('takes the first Python that starts and is new enough', () => {
  const there: Record<string, string> = { 'python3.12': '3.12.1', python3: '3.9.18' }
  const ask = (command: readonly string[]) => there[command.join(' ')]
  const commands = pythonCommands(undefined, 'linux')
  expect(choosePython(commands, ask)).toEqual({ command: ['python3.12'], version: '3.12.1' })
  delete there['python3.12']
  expect(choosePython(commands, ask)).toBeUndefined()
  there['python3'] = '3.11.2'
  expect(choosePython(commands, ask)).toEqual({ command: ['python3'], version: '3.11.2' })
})
it('asks a named Python only, and on Windows the launcher', () => {
  expect(pythonCommands('/opt/python')).toEqual([['/opt/python']])
  expect(pythonCommands(undefined, 'win32')).toContainEqual(['py', '-3'])
})
it.each([
  ['linux', 'python3-venv'],
  ['darwin', 'brew'],
  ['win32', 'winget'],
] as const)('says how to get a Python on %s', (platform, word) => {
  expect(noPython(undefined, platform)).toContain(word)
  expect(noPython('/opt/old', platform)).toContain('/opt/old')
})
it('takes the pin of PyTorch from pyproject.toml, and refuses one without', () => {
  expect(pinnedTorch(readFileSync(join(import.meta.dirname, 'pyproject.toml'), 'utf8'))).toMatch(/^torch==\d+\.\d+/)
  expect(() => pinnedTorch('dependencies = ["numpy==2"]')).toThrow(/torch/)
})
it('asks the index of CPU builds for PyTorch only, and says when a CPU build is to be replaced', () => {
  const pip = { command: ['p', '-m', 'pip', 'install'], uv: false }
  expect(torchForCpu(pip, 'torch==1.0').command.join(' ')).toMatch(/--index-url https:\S+\/cpu torch==1\.0$/)
  expect(torchForCpu({ command: ['uv'], uv: true }, 'torch==1.0').env).toHaveProperty('UV_HTTP_TIMEOUT')
  expect(torchForCuda(pip, 'torch==1.0')).toContain('--force-reinstall')
})
