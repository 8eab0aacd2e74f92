/** Value types of GGUF, by the numbers of its specification. */
const types = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const

export type Scalar =
  | { type: 'u32' | 'i32' | 'f32'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'string'; value: string }
/** One entry of a GGUF file's header. Arrays hold values of one type. */
export type Entry =
  | Scalar
  | { type: 'array'; of: 'i32' | 'f32'; values: readonly number[] }
  | { type: 'array'; of: 'string'; values: readonly string[] }
export type Metadata = Readonly<Record<string, Entry>>

export const u32 = (value: number): Entry => ({ type: 'u32', value })
export const f32 = (value: number): Entry => ({ type: 'f32', value })
export const bool = (value: boolean): Entry => ({ type: 'bool', value })
export const string = (value: string): Entry => ({ type: 'string', value })
export const strings = (values: readonly string[]): Entry => ({ type: 'array', of: 'string', values })
export const i32s = (values: readonly number[]): Entry => ({ type: 'array', of: 'i32', values })

export const bytesOfU32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
export const bytesOfU64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
export const bytesOfString = (value: string): Buffer => {
  const text = Buffer.from(value, 'utf8')
  return Buffer.concat([bytesOfU64(text.length), text])
}

const bytesOf = (scalar: Scalar): Buffer => {
  switch (scalar.type) {
    case 'u32':
      return bytesOfU32(scalar.value)
    case 'i32': {
      const bytes = Buffer.alloc(4)
      bytes.writeInt32LE(scalar.value)
      return bytes
    }
    case 'f32': {
      const bytes = Buffer.alloc(4)
      bytes.writeFloatLE(scalar.value)
      return bytes
    }
    case 'bool':
      return Buffer.of(scalar.value ? 1 : 0)
    case 'string':
      return bytesOfString(scalar.value)
  }
}

const valueBytes = (entry: Entry): Buffer => {
  if (entry.type !== 'array') return bytesOf(entry)
  const items =
    entry.of === 'string'
      ? entry.values.map((value) => bytesOf({ type: 'string', value }))
      : entry.values.map((value) => bytesOf({ type: entry.of, value }))
  return Buffer.concat([bytesOfU32(types[entry.of]), bytesOfU64(entry.values.length), ...items])
}

/** A key with its value as they stand in the header. */
export const entryBytes = (key: string, entry: Entry): Buffer =>
  Buffer.concat([bytesOfString(key), bytesOfU32(types[entry.type]), valueBytes(entry)])
