import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { gpuPackages, isInstalled, libraryVersion, movePackages, readGpuKind } from './gpu-packages.ts'

/** A node_modules whose packages are `name: version`, each with a binary; `empty` ones are what the overrides install. */
const modulesWith = (packages: Record<string, string | 'empty'>): string => {
  const modules = mkdtempSync(join(tmpdir(), 'patchbay-modules-'))
  onTestFinished(() => rmSync(modules, { recursive: true, force: true }))
  for (const [name, version] of Object.entries(packages)) {
    const folder = join(modules, '@node-llama-cpp', name)
    mkdirSync(join(folder, ...(version === 'empty' ? [] : ['bins', name])), { recursive: true })
    const told = version === 'empty' ? ['empty-npm-package', '1.0.0'] : [`@node-llama-cpp/${name}`, version]
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: told[0], version: told[1] }))
  }
  return modules
}

it('chooses the packages of the machine and of the card', () => {
  expect(gpuPackages(undefined, true, 'linux-x64')).toEqual(['linux-x64-cuda', 'linux-x64-cuda-ext'])
  expect(gpuPackages('cuda', false, 'win32-x64')).toEqual(['win-x64-cuda', 'win-x64-cuda-ext'])
  expect(gpuPackages('vulkan', true, 'linux-x64')).toEqual(['linux-x64-vulkan'])
})
it('refuses where nothing fits, and says what would', () => {
  expect(() => gpuPackages(undefined, false, 'linux-x64')).toThrow(/--vulkan/)
  expect(() => gpuPackages('cuda', true, 'linux-arm64')).toThrow(/linux-arm64/)
  expect(() => gpuPackages('vulkan', false, 'darwin-arm64')).toThrow(/Metal/)
  expect(() => readGpuKind(['--cuda', '--vulkan'])).toThrow(/not both/)
  expect(() => readGpuKind(['--rocm'])).toThrow(/--rocm/)
  expect([[], ['--cuda'], ['--vulkan']].map(readGpuKind)).toEqual([undefined, 'cuda', 'vulkan'])
})
it('moves packages over the empty ones, and leaves the others alone', () => {
  const from = modulesWith({ a: '3.0.0', b: '3.0.0' })
  const to = modulesWith({ a: 'empty', c: '3.0.0' })
  expect(isInstalled(to, 'a', '3.0.0')).toBe(false)
  movePackages(from, to, ['a', 'b'], '3.0.0')
  for (const name of ['a', 'b', 'c']) expect(isInstalled(to, name, '3.0.0')).toBe(true)
  expect(readdirSync(join(to, '@node-llama-cpp')).sort()).toEqual(['a', 'b', 'c'])
  expect(isInstalled(to, 'a', '3.0.1')).toBe(false)
})
it.each([
  ['another version', { a: '3.0.0', b: '2.9.0' }],
  ['an empty package', { a: '3.0.0', b: 'empty' }],
  ['none', { a: '3.0.0' }],
])('moves nothing when one of them is %s', (_, packages) => {
  const from = modulesWith(packages)
  const to = modulesWith({ a: 'empty', b: 'empty' })
  expect(() => movePackages(from, to, ['a', 'b'], '3.0.0')).toThrow(/Nothing was changed/)
  expect(isInstalled(to, 'a', '3.0.0')).toBe(false)
  expect(existsSync(join(from, '@node-llama-cpp/a'))).toBe(true)
})
it('tells the version of the library, or to install it', () => {
  const modules = modulesWith({})
  expect(() => libraryVersion(modules)).toThrow(/npm ci/)
  mkdirSync(join(modules, 'node-llama-cpp'))
  writeFileSync(join(modules, 'node-llama-cpp/package.json'), '{"version":"3.0.0"}')
  expect(libraryVersion(modules)).toBe('3.0.0')
})
