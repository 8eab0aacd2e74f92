import { open, readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WorkerError } from './errors.ts'

/** The model that ships with the project. See models/tiny.md for what it does well and what not. */
export const tinyFile = fileURLToPath(new URL('./models/tiny.gguf', import.meta.url))

const modelFile = /^[^/\\\0]+\.gguf$/i

export type ModelFile = { id: string; file: string; bytes: number }

/** Looks at the first bytes before anything is loaded. Resolves with the length. */
export const checkGguf = async (file: string, id: string): Promise<number> => {
  const unusable = (message: string, cause?: unknown) =>
    new WorkerError('model_unusable', message, { param: 'model', ...(cause !== undefined && { cause }) })
  const handle = await open(file).catch((cause) => {
    throw unusable(`The file of "${id}" can not be opened. Download it again.`, cause)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    if (bytesRead !== 4 || buffer.toString('latin1') !== 'GGUF')
      throw unusable(`"${id}" is not a GGUF file. Download it again, or convert it.`)
    return (await handle.stat()).size
  } finally {
    await handle.close()
  }
}

/** The ids of the models that can be served: `tiny`, and every `.gguf` file directly in the folder. */
export const listModelFiles = async (folder: string | undefined): Promise<string[]> => {
  const names = folder ? await readdir(folder).catch(() => []) : []
  return ['tiny', ...names.filter((name) => modelFile.test(name)).sort()]
}

/**
 * The file of a model. A name is one file in the folder: no separators, so it can not lead elsewhere.
 * The first bytes are looked at before anything is loaded.
 */
export const findModelFile = async (folder: string | undefined, id: string): Promise<ModelFile> => {
  const missing = async () => {
    const there = await listModelFiles(folder)
    return new WorkerError('model_not_found', `There is no model "${id}". There is: ${there.join(', ')}.`, {
      param: 'model',
    })
  }
  if (id !== 'tiny' && !(folder && modelFile.test(id))) throw await missing()
  const path = id === 'tiny' ? tinyFile : join(folder ?? '', id)
  const file = await realpath(path).catch(() => undefined)
  if (file === undefined) throw await missing()
  if (!(await stat(file)).isFile()) throw await missing()
  return { id, file, bytes: await checkGguf(file, id) }
}
