import { execFile } from 'node:child_process'
import { cpus, freemem, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { Device } from '../dispatch/protocol.ts'

const run = promisify(execFile)
const mebibyte = 1024 * 1024

/** The lines of `nvidia-smi --query-gpu=name,memory.total,memory.free --format=csv,noheader,nounits`. */
export const parseNvidiaSmi = (output: string): Device[] =>
  output.split('\n').flatMap((line): Device[] => {
    // The name comes first and may hold commas; the numbers are the last two.
    const cells = line.split(',').map((cell) => cell.trim())
    const [total, free] = cells.slice(-2).map(Number)
    const name = cells.slice(0, -2).join(', ')
    if (!name || total === undefined || free === undefined) return []
    // Some boards share the machine's memory and say "[N/A]".
    if (!Number.isFinite(total) || !Number.isFinite(free)) return []
    return [{ kind: 'cuda', name: name.slice(0, 200), memory: total * mebibyte, freeMemory: free * mebibyte }]
  })

/** The chip that `system_profiler SPDisplaysDataType -json` names, as far as it supports Metal. */
export const parseDisplays = (output: string): string | undefined => {
  const told: unknown = JSON.parse(output)
  const list = (told as { SPDisplaysDataType?: unknown[] }).SPDisplaysDataType ?? []
  for (const one of list as Record<string, unknown>[]) {
    const metal = Object.entries(one).some(
      ([key, value]) => /metal|mtlgpufamily/i.test(key) && !/unsupported|not_supported/i.test(String(value)),
    )
    if (metal && typeof one['sppci_model'] === 'string') return one['sppci_model']
  }
  return undefined
}

/** Memory of the machine, or of the container where that has less. */
const memory = () => {
  const bound = process.constrainedMemory()
  const total = bound > 0 && bound < totalmem() ? bound : totalmem()
  return { memory: total, freeMemory: Math.min(total, process.availableMemory?.() ?? freemem()) }
}

export const cpuDevice = (): Device => {
  const cores = cpus()
  const model = cores[0]?.model.trim() || process.arch
  return { kind: 'cpu', name: model.slice(0, 200), ...(cores.length > 0 && { cores: cores.length }), ...memory() }
}

const cuda = async (): Promise<Device[]> => {
  const query = ['--query-gpu=name,memory.total,memory.free', '--format=csv,noheader,nounits']
  const answer = await run('nvidia-smi', query, { timeout: 10_000 }).catch(() => undefined)
  return answer ? parseNvidiaSmi(answer.stdout) : []
}
/** The chip does not change while the process lives, and asking takes a second. */
let chip: Promise<string | undefined> | undefined
const metal = async (): Promise<Device[]> => {
  if (process.platform !== 'darwin') return []
  chip ??= run('system_profiler', ['SPDisplaysDataType', '-json'], { timeout: 20_000 })
    .then(({ stdout }) => parseDisplays(stdout))
    .catch(() => undefined)
  const name = await chip
  return name ? [{ kind: 'metal', name: name.slice(0, 200), ...memory() }] : []
}

/** What this machine computes with. A machine without nvidia-smi has no CUDA device. */
export const findDevices = async (): Promise<Device[]> => {
  const [gpus, chips] = await Promise.all([cuda(), metal()])
  return [cpuDevice(), ...gpus, ...chips]
}

/** What a job may have: GPUs and the free memory of the fullest, or the machine's free memory where there are none. */
export const roomForJobs = (devices: readonly Device[]): { gpus: number; memory: number } => {
  const gpus = devices.filter(({ kind }) => kind === 'cuda')
  const rest = devices.find(({ kind }) => kind === 'cpu')?.freeMemory ?? 0
  return { gpus: gpus.length, memory: gpus.length > 0 ? Math.min(...gpus.map(({ freeMemory }) => freeMemory)) : rest }
}
