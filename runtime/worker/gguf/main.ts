import { parseArgs } from 'node:util'
import { convertLora, convertModel } from './convert.ts'
import { type TensorType, tensorTypes } from './tensor-types.ts'

/**
 * node runtime/worker/gguf/main.ts MODEL-FOLDER OUT.gguf [--type Q8_0|F16|F32] [--name NAME]
 * node runtime/worker/gguf/main.ts ADAPTER-FOLDER OUT.gguf --base MODEL-FOLDER
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { type: { type: 'string', default: 'Q8_0' }, name: { type: 'string' }, base: { type: 'string' } },
})
const [folder, file] = positionals
const isType = (type: string): type is TensorType => Object.hasOwn(tensorTypes, type)

try {
  if (!folder || !file || !isType(values.type))
    throw new Error('Give a folder, a file to write, and a type of Q8_0, F16 or F32.')
  const bytes = values.base
    ? await convertLora(values.base, folder, file)
    : await convertModel(folder, file, { type: values.type, ...(values.name !== undefined && { name: values.name }) })
  console.log(JSON.stringify({ file, bytes }))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
