import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

export type GpuKind = 'cuda' | 'vulkan'

/** The kind that was asked for; undefined: choose. @throws Error with a sentence about what is not known */
export const readGpuKind = (args: string[]): GpuKind | undefined => {
  const { values } = parseArgs({ args, options: { cuda: { type: 'boolean' }, vulkan: { type: 'boolean' } } })
  if (values.cuda && values.vulkan) throw new Error('Give --cuda or --vulkan, not both.')
  return values.cuda ? 'cuda' : values.vulkan ? 'vulkan' : undefined
}

/** The packages that `machine` (`platform-arch`) needs. @throws Error with a sentence where there are none to install */
export const gpuPackages = (kind: GpuKind | undefined, hasNvidia: boolean, machine: string): string[] => {
  if (machine.startsWith('darwin-'))
    throw new Error('There is nothing to install: on a Mac with Apple silicon the package for Metal comes with npm ci.')
  const name = { 'linux-x64': 'linux-x64', 'win32-x64': 'win-x64' }[machine]
  if (name === undefined)
    throw new Error(`There is no llama.cpp for graphics cards on ${machine}: only on Linux and Windows on x64.`)
  if (kind === undefined && !hasNvidia)
    throw new Error(
      'nvidia-smi does not answer, so there seems to be no NVIDIA card. For another card: npm run gpu:setup -- --vulkan. If there is an NVIDIA card, install its driver, or give --cuda.',
    )
  return kind === 'vulkan' ? [`${name}-vulkan`] : [`${name}-cuda`, `${name}-cuda-ext`]
}

const manifest = (folder: string): { name?: string; version?: string } | undefined => {
  const file = join(folder, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** Whether a package of this version stands in node_modules with its binaries, not as the empty one. */
export const isInstalled = (modules: string, name: string, version: string): boolean => {
  const folder = join(modules, '@node-llama-cpp', name)
  const there = manifest(folder)
  const bins = join(folder, 'bins')
  return (
    there?.name === `@node-llama-cpp/${name}` &&
    there.version === version &&
    existsSync(bins) &&
    readdirSync(bins).length > 0
  )
}

/** The version of node-llama-cpp in node_modules. @throws Error where there is none */
export const libraryVersion = (modules: string): string => {
  const version = manifest(join(modules, 'node-llama-cpp'))?.version
  if (version === undefined) throw new Error('node-llama-cpp is not in node_modules. Run npm ci first.')
  return version
}

/**
 * Installs packages into a folder inside node_modules, where no `overrides` keep them out, and none of their scripts run.
 * The folder has a package.json of its own, or npm would look for one above. @returns its node_modules
 */
export const fetchPackages = (modules: string, names: readonly string[], version: string): string => {
  const prefix = join(modules, '.gpu-setup')
  rmSync(prefix, { recursive: true, force: true })
  mkdirSync(prefix, { recursive: true })
  writeFileSync(join(prefix, 'package.json'), '{ "private": true }')
  const wanted = names.map((name) => `@node-llama-cpp/${name}@${version}`)
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix, ...wanted]
  const npm = process.env['npm_execpath']
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { stdio: 'inherit', cwd: prefix })
    : spawnSync('npm', args, { stdio: 'inherit', cwd: prefix, shell: process.platform === 'win32' })
  if (status === 0) return join(prefix, 'node_modules')
  rmSync(prefix, { recursive: true, force: true })
  throw new Error('npm could not install the packages; the lines above say why. Nothing was changed.')
}

/**
 * Moves packages from one node_modules over the empty ones of another. All are looked at before the first is moved, and
 * the old one is away only when its place is taken.
 */
export const movePackages = (from: string, to: string, names: readonly string[], version: string): void => {
  const missing = names.find((name) => !isInstalled(from, name, version))
  if (missing !== undefined)
    throw new Error(
      `npm installed @node-llama-cpp/${missing} without binaries of version ${version}. Nothing was changed.`,
    )
  for (const name of names) {
    const place = join(to, '@node-llama-cpp', name)
    const old = join(to, '@node-llama-cpp', `.${name}-empty`)
    mkdirSync(join(to, '@node-llama-cpp'), { recursive: true })
    rmSync(old, { recursive: true, force: true })
    if (existsSync(place)) renameSync(place, old)
    try {
      renameSync(join(from, '@node-llama-cpp', name), place)
    } catch (error) {
      if (existsSync(old)) renameSync(old, place)
      throw error
    }
    rmSync(old, { recursive: true, force: true })
  }
}
