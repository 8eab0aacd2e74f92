import { open, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'

/** A tensor of a safetensors file; `read` gives its values as 32-bit floats. */
export type StoredTensor = { name: string; shape: readonly number[]; read: () => Promise<Float32Array> }

const widths = { F32: 4, F16: 2, BF16: 2 } as const
const entry = z.object({
  dtype: z.enum(['F32', 'F16', 'BF16'], { error: 'is stored in a type other than F32, F16 and BF16' }),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})
type Stored = z.infer<typeof entry>

/** A header is a few hundred bytes a tensor; one that claims more lies. */
const longestHeader = 100_000_000

const decode = (bytes: Buffer, dtype: Stored['dtype']): Float32Array => {
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  switch (dtype) {
    case 'F32':
      return new Float32Array(copy)
    case 'F16':
      return new Float32Array(new Float16Array(copy))
    case 'BF16':
      // The upper half of a 32-bit float.
      return new Float32Array(Uint32Array.from(new Uint16Array(copy), (bits) => bits << 16).buffer)
  }
}

const readAt = async (file: string, from: number, length: number): Promise<Buffer> => {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from)
    if (bytesRead !== length) throw new Error(`${basename(file)} is cut short. Download it again.`)
    return buffer
  } finally {
    await handle.close()
  }
}

const checked = (file: string, name: string, raw: unknown): Stored => {
  const parsed = entry.safeParse(raw)
  if (!parsed.success) throw new Error(`${basename(file)}: ${name} ${parsed.error.issues[0]?.message}.`)
  const { dtype, shape, data_offsets } = parsed.data
  const length = shape.reduce((product, n) => product * n, 1) * widths[dtype]
  if (data_offsets[1] - data_offsets[0] !== length)
    throw new Error(`${basename(file)}: ${name} has another length than its shape says.`)
  return parsed.data
}

/** The tensors of one safetensors file, in the order of its header. Nothing but the header is read yet. */
export const readSafetensors = async (file: string): Promise<StoredTensor[]> => {
  const length = Number((await readAt(file, 0, 8)).readBigUInt64LE())
  if (length > longestHeader) throw new Error(`${basename(file)} is not a safetensors file.`)
  const { __metadata__: _, ...header }: Record<string, unknown> = JSON.parse(
    (await readAt(file, 8, length)).toString('utf8'),
  )
  return Object.entries(header).map(([name, raw]) => {
    const { dtype, shape, data_offsets } = checked(file, name, raw)
    const [start, end] = data_offsets
    return { name, shape, read: async () => decode(await readAt(file, 8 + length + start, end - start), dtype) }
  })
}

/** The tensors of a model's folder, over all its parts. Pickled weights are not read: unpickling runs their code. */
export const readTensorFolder = async (folder: string): Promise<StoredTensor[]> => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort()
  if (files.length === 0) throw new Error(`${folder} holds no .safetensors file. Save the model in that format first.`)
  return (await Promise.all(files.map((name) => readSafetensors(join(folder, name))))).flat()
}
