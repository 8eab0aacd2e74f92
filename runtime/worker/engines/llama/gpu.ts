import { getLlamaGpuTypes } from 'node-llama-cpp'

/** The packages with llama.cpp for graphics cards, by `platform-arch`. `npm run gpu:setup` installs those that are left out. */
const packages: Record<string, string[]> = {
  'linux-x64': ['linux-x64-cuda', 'linux-x64-vulkan'],
  'win32-x64': ['win-x64-cuda', 'win-x64-vulkan'],
  'darwin-arm64': ['mac-arm64-metal'],
}

/** A package that was kept out of the install stands there as an empty one, without binaries. */
const hasBinaries = async (name: string): Promise<boolean> => {
  const found: unknown = await import(`@node-llama-cpp/${name}`).catch(() => undefined)
  return typeof found === 'object' && found !== null && 'getBinsDir' in found
}

/** `auto` where there is both a binary and a device for it; else the CPU. The library itself tests the binary before use. */
export const findGpu = async (machine = `${process.platform}-${process.arch}`): Promise<'auto' | false> => {
  const there = await Promise.all((packages[machine] ?? []).map(hasBinaries))
  if (!there.some((has) => has)) return false
  const devices = await getLlamaGpuTypes('supported')
  return devices.some((device) => device !== false) ? 'auto' : false
}
