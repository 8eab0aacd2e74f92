import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WorkerError } from '../../errors.ts'

/** A model in transformers' form, and LoRA adapters over it (PEFT folders) by the id under which they are served. */
export type PythonModel = { id: string; folder: string; adapters?: Readonly<Record<string, string>> }
/** A server's command. With `url` it is polled there; else it prints a ready line that tells. */
export type ServerCommand = { args: string[]; url?: URL }

/** Where Python finds our package. */
export const trainerFolder = fileURLToPath(new URL('../../trainer', import.meta.url))

/** Whether this Python has vLLM; it is looked for, not loaded, which would take seconds. */
export const hasVllm = (python: string): Promise<boolean> =>
  new Promise((resolve) => {
    const look = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("vllm") is None)'
    const child = spawn(python, ['-c', look], { stdio: 'ignore' })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })

/** Weights in safetensors, or nothing: unpickling runs code of whoever made the file. */
export const checkFolder = async ({ id, folder }: PythonModel): Promise<void> => {
  const names: string[] = await readdir(folder).catch(() => [])
  if (names.includes('config.json') && names.some((name) => name.endsWith('.safetensors'))) return
  throw new WorkerError('model_unusable', `"${id}": ${folder} holds no config.json with .safetensors. Save it so.`, {
    param: 'model',
  })
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const ours = ({ id, folder, adapters = {} }: PythonModel): ServerCommand => ({
  args: [
    ...['-m', 'patchbay_trainer.serve', '--model', folder, '--name', id, '--port', '0'],
    ...Object.entries(adapters).flatMap(([name, path]) => ['--adapter', `${name}=${path}`]),
  ],
})
const vllm = async ({ id, folder, adapters = {} }: PythonModel): Promise<ServerCommand> => {
  const port = await freePort()
  const pairs = Object.entries(adapters).map(([name, path]) => `${name}=${path}`)
  return {
    args: [
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', id],
      ...['--host', '127.0.0.1', '--port', String(port), '--load-format', 'safetensors'],
      ...(pairs.length > 0 ? ['--enable-lora', '--lora-modules', ...pairs] : []),
    ],
    url: new URL(`http://127.0.0.1:${port}`),
  }
}

/** The command that serves a model: vLLM where this Python has it, else our own package. */
export const serverCommand = async (python: string, model: PythonModel): Promise<ServerCommand> => {
  await checkFolder(model)
  return (await hasVllm(python)) ? vllm(model) : ours(model)
}
