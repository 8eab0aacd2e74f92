import { open, readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { WorkerError } from './errors.ts'

/** Formats that run code when they are read. Whatever is in them is not looked at. */
const pickles = new Set(['.bin', '.pt', '.pth', '.pkl', '.pickle', '.ckpt', '.joblib', '.npy', '.npz'])
const texts = new Set(['.json', '.jinja', '.txt', '.md'])

/** How much of a file is read for its header. GGUF keeps the vocabulary there, some 10 MB for the largest. */
const longestHeader = 100_000_000

const lies = (name: string, how: string) =>
  new WorkerError('model_unusable', `"${name}" ${how}. It was not taken; export the model again.`)

/** @throws WorkerError for a name whose format is not taken */
export const checkModelName = (name: string): void => {
  const extension = extname(name).toLowerCase()
  if (name !== basename(name) || name.startsWith('.') || /[\\\0]/.test(name))
    throw new WorkerError('model_unusable', `"${name}" is not the name of a file. A model's files lie in one folder.`)
  if (pickles.has(extension))
    throw new WorkerError(
      'model_unusable',
      `"${name}" may hold pickled code and is not taken. Save the model as safetensors or GGUF.`,
    )
  if (extension !== '.gguf' && extension !== '.safetensors' && !texts.has(extension))
    throw new WorkerError('model_unusable', `"${name}" is of a kind that no model of Patchbay has. It is not taken.`)
}

/** Bytes of the fixed-width kinds of GGUF's metadata, by number. 8 is a string, 9 an array. */
const widths: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 }

/** Reads the whole header, so that no length in it leads out of the file. */
const checkGgufHeader = (bytes: Buffer, size: number): void => {
  let at = 4
  const take = (length: number): number => {
    const from = at
    if (!(length >= 0) || from + length > bytes.length) throw new Error('has a header that leads out of the file')
    at += length
    return from
  }
  const u32 = () => bytes.readUInt32LE(take(4))
  const u64 = () => Number(bytes.readBigUInt64LE(take(8)))
  const text = () => take(u64())
  const value = (kind: number, depth: number): void => {
    if (kind === 8) return void text()
    if (kind !== 9) {
      const width = widths[kind]
      if (width === undefined) throw new Error(`has metadata of an unknown kind ${kind}`)
      return void take(width)
    }
    const inner = u32()
    const count = u64()
    if (depth > 4) throw new Error('has metadata that is nested too deeply')
    const width = widths[inner]
    if (width !== undefined) return void take(count * width)
    if (count > size) throw new Error('has a list that is longer than the file')
    for (let n = 0; n < count; n++) value(inner, depth + 1)
  }
  const version = u32()
  if (version !== 2 && version !== 3) throw new Error(`is GGUF of version ${version}; 2 and 3 are read`)
  const tensors = u64()
  const entries = u64()
  if (tensors > 1_000_000 || entries > 1_000_000) throw new Error('claims more tensors or metadata than a model has')
  for (let n = 0; n < entries; n++) {
    text()
    value(u32(), 0)
  }
  const offsets: number[] = []
  for (let n = 0; n < tensors; n++) {
    text()
    const dimensions = u32()
    if (dimensions > 8) throw new Error('has a tensor of too many dimensions')
    take(8 * dimensions + 4)
    offsets.push(u64())
  }
  if (offsets.some((offset) => at + offset >= size)) throw new Error('has a tensor that begins beyond its end')
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const checkSafetensorsHeader = (bytes: Buffer, size: number): void => {
  const length = bytes.length >= 8 ? Number(bytes.readBigUInt64LE()) : Number.POSITIVE_INFINITY
  if (length > longestHeader - 8 || 8 + length > size) throw new Error('has a header that leads out of the file')
  let header: unknown
  try {
    header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'))
  } catch {
    throw new Error('has a header that is not JSON')
  }
  if (!isObject(header)) throw new Error('has a header that is not an object')
  for (const [name, told] of Object.entries(header)) {
    if (name === '__metadata__') continue
    const [start, end] = isObject(told) && Array.isArray(told['data_offsets']) ? told['data_offsets'] : []
    const fits = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end
    if (!fits || 8 + length + end > size) throw new Error(`has a tensor, ${name}, outside of the file`)
  }
}

const headOf = async (file: string): Promise<{ bytes: Buffer; size: number }> => {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, longestHeader)
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return { bytes: buffer.subarray(0, bytesRead), size }
  } finally {
    await handle.close()
  }
}

/**
 * Whether a file is what its name says: `.gguf` begins with GGUF and its header is whole, `.safetensors` has a JSON header
 * whose offsets lie within the file, texts are texts. Nothing else is taken, pickles least of all.
 * @param name what the file is called where it comes from; in the cache it is named by its digest
 * @throws WorkerError `model_unusable`
 */
export const checkModelFile = async (file: string, name: string): Promise<void> => {
  checkModelName(name)
  const extension = extname(name).toLowerCase()
  try {
    if (extension === '.json') {
      JSON.parse(await readFile(file, 'utf8'))
      return
    }
    const { bytes, size } = await headOf(file)
    const isGguf = bytes.subarray(0, 4).toString('latin1') === 'GGUF'
    if (extension === '.gguf') {
      if (!isGguf) throw new Error('does not begin as a GGUF file does')
      return checkGgufHeader(bytes, size)
    }
    if (isGguf) throw new Error('is a GGUF file under another name')
    if (extension === '.safetensors') return checkSafetensorsHeader(bytes, size)
    if (bytes.includes(0)) throw new Error('is no text')
  } catch (error) {
    throw lies(name, error instanceof SyntaxError ? 'is not JSON' : (error as Error).message)
  }
}
