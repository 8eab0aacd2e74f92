import { open, rename, rm } from 'node:fs/promises'
import { bytesOfString, bytesOfU32, bytesOfU64, entryBytes, type Metadata } from './metadata.ts'
import { byteLength, encodeTensor, type TensorType, tensorTypes } from './tensor-types.ts'

/** A tensor to be written. `shape` is as in PyTorch, outermost first; `read` is called once, when its turn comes. */
export type TensorToWrite = {
  name: string
  shape: readonly number[]
  type: TensorType
  read: () => Promise<Float32Array>
}

const version = 3
const alignment = 32
const padded = (length: number) => Math.ceil(length / alignment) * alignment
const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1)

const header = (metadata: Metadata, tensors: readonly TensorToWrite[]): Buffer => {
  const entries = Object.entries(metadata)
  const parts = [Buffer.from('GGUF'), bytesOfU32(version), bytesOfU64(tensors.length), bytesOfU64(entries.length)]
  parts.push(...entries.map(([key, entry]) => entryBytes(key, entry)))
  let offset = 0
  for (const { name, shape, type } of tensors) {
    const innermostFirst = shape.toReversed().map(bytesOfU64)
    parts.push(bytesOfString(name), bytesOfU32(shape.length), ...innermostFirst)
    parts.push(bytesOfU32(tensorTypes[type].number), bytesOfU64(offset))
    offset += padded(byteLength(size(shape), type))
  }
  return Buffer.concat(parts)
}

const padTo = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(padded(bytes.length) - bytes.length)])

const checkShape = ({ name, shape, type }: TensorToWrite): void => {
  const row = shape.at(-1) ?? 0
  if (row % tensorTypes[type].block !== 0)
    throw new Error(`${name}: rows of ${row} values do not divide into blocks of ${tensorTypes[type].block}. Use F16.`)
}

/**
 * Writes a GGUF file, one tensor in memory at a time, and puts it in place when it is whole.
 * Resolves with its length in bytes.
 */
export const writeGguf = async (
  file: string,
  metadata: Metadata,
  tensors: readonly TensorToWrite[],
): Promise<number> => {
  for (const tensor of tensors) checkShape(tensor)
  const part = `${file}.part`
  const handle = await open(part, 'w')
  let written = 0
  const append = async (bytes: Buffer) => {
    written += (await handle.write(bytes)).bytesWritten
  }
  try {
    await append(padTo(header(metadata, tensors)))
    for (const { name, shape, type, read } of tensors) {
      const values = await read()
      if (values.length !== size(shape))
        throw new Error(`${name}: ${values.length} values do not fill ${shape.join(' × ')}.`)
      await append(padTo(encodeTensor(values, type)))
    }
    await handle.sync()
    await handle.close()
    await rename(part, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(part, { force: true })
    throw error
  }
  return written
}
