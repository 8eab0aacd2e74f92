/** How a tensor's numbers are stored: GGUF's type number, and the number of values that share a block. */
export const tensorTypes = {
  F32: { number: 0, block: 1, blockBytes: 4 },
  F16: { number: 1, block: 1, blockBytes: 2 },
  /** 32 values of 8 bits with one 16-bit scale. */
  Q8_0: { number: 8, block: 32, blockBytes: 34 },
} as const
export type TensorType = keyof typeof tensorTypes

export const byteLength = (values: number, type: TensorType): number =>
  (values / tensorTypes[type].block) * tensorTypes[type].blockBytes

/** Rounds halves away from zero, as llama.cpp's reference quantiser does. */
const round = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))

const quantise8 = (values: Float32Array): Buffer => {
  const { block, blockBytes } = tensorTypes.Q8_0
  const bytes = Buffer.alloc(byteLength(values.length, 'Q8_0'))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let from = 0, offset = 0; from < values.length; from += block, offset += blockBytes) {
    const part = values.subarray(from, from + block)
    const scale = Math.fround(part.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127)
    view.setFloat16(offset, scale, true)
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale)
    for (const [i, value] of part.entries()) view.setInt8(offset + 2 + i, round(Math.fround(value * inverse)))
  }
  return bytes
}

/** The bytes of a tensor in a storage type. A row's length has to be a multiple of the type's block. */
export const encodeTensor = (values: Float32Array, type: TensorType): Buffer => {
  switch (type) {
    case 'F32':
      return Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    case 'F16': {
      const half = new Float16Array(values)
      return Buffer.from(half.buffer, half.byteOffset, half.byteLength)
    }
    case 'Q8_0':
      return quantise8(values)
  }
}
