/**
 * `npm run gpu:setup`: adds llama.cpp for graphics cards. package.json's `overrides` keep it out of `npm ci`, since it is
 * hundreds of megabytes that a machine without a card has no use for. `npm ci` removes it again.
 */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fetchPackages, gpuPackages, isInstalled, libraryVersion, movePackages, readGpuKind } from './gpu-packages.ts'

const modules = join(import.meta.dirname, '../../../../node_modules')

const main = (): void => {
  const hasNvidia = spawnSync('nvidia-smi', ['-L'], { timeout: 20_000 }).status === 0
  const kind = readGpuKind(process.argv.slice(2))
  const names = gpuPackages(kind, hasNvidia, `${process.platform}-${process.arch}`)
  const version = libraryVersion(modules)
  const told = names.map((name) => `@node-llama-cpp/${name}`).join(', ')
  if (names.every((name) => isInstalled(modules, name, version))) {
    console.log(`It is there already: ${told} ${version}.`)
    return
  }
  console.log(`Installing ${told} ${version}; for CUDA that is several hundred MB.`)
  const fetched = fetchPackages(modules, names, version)
  try {
    movePackages(fetched, modules, names, version)
  } finally {
    rmSync(join(fetched, '..'), { recursive: true, force: true })
  }
  console.log(
    `Done. A model that is loaded from now on runs on the card if its driver works; restart a running server. npm ci removes it, run npm run gpu:setup again then.`,
  )
}

try {
  main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
