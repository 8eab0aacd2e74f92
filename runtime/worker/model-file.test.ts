import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkModelFile } from './model-file.ts'
import { tinyFile } from './models.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-files-'))
})
afterAll(() => rm(folder, { recursive: true }))

const check = async (name: string, bytes: Uint8Array | string) => {
  const file = join(folder, 'held')
  await writeFile(file, bytes)
  await checkModelFile(file, name)
}
const safetensors = (header: string, data = 8): Buffer => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)])
}
const whole = safetensors('{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}')

it('takes a real GGUF, safetensors and texts', async () => {
  await checkModelFile(tinyFile, 'model.gguf')
  await check('model.safetensors', whole)
  await check('config.json', '{}')
  await check('chat_template.jinja', '{{ messages }}')
})
it.each(['model.bin', 'model.pt', 'weights.PKL', 'last.ckpt', 'a.pth', 'a.npy'])(
  'refuses %s, whatever it holds',
  (name) => expect(check(name, whole)).rejects.toThrow('pickled'),
)
it.each(['model.onnx', 'model', 'run.sh'])('refuses %s, which is of no model', (name) =>
  expect(check(name, whole)).rejects.toMatchObject({ code: 'model_unusable' }),
)
it.each(['../a.gguf', 'a/b.gguf', '.gguf', 'a\\b.gguf'])('refuses the name %s', (name) =>
  expect(check(name, whole)).rejects.toThrow('not the name of a file'),
)
it('refuses GGUF and safetensors under each other’s names, and pickles under theirs', async () => {
  const gguf = await readFile(tinyFile)
  await expect(check('a.safetensors', gguf)).rejects.toThrow('another name')
  await expect(check('a.gguf', whole)).rejects.toThrow('does not begin')
  const pickle = Buffer.from('\x80\x04\x95\x00\x00\x00cos\nsystem\n', 'latin1')
  await expect(check('a.gguf', pickle)).rejects.toThrow('does not begin')
  await expect(check('a.safetensors', pickle)).rejects.toThrow('header')
  await expect(check('a.json', pickle)).rejects.toThrow('not JSON')
  await expect(check('a.txt', pickle)).rejects.toThrow('no text')
})
it.each([
  ['that is cut', safetensors('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4)],
  ['that leads out', safetensors('{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,9000000]}}')],
  ['that goes back', safetensors('{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}')],
  ['without offsets', safetensors('{"w":{"dtype":"F32","shape":[2]}}')],
  ['that is no JSON', safetensors('{"w":')],
  ['that is a list', safetensors('[]')],
  ['longer than the file', Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0, 0, 0, 0, 0]), Buffer.from('{}')])],
])('refuses safetensors with a header %s', (_, bytes) =>
  expect(check('a.safetensors', bytes)).rejects.toThrow('a.safetensors'),
)
it('refuses GGUF whose header leads out of the file, wherever it is cut', async () => {
  const gguf = await readFile(tinyFile)
  for (const length of [4, 10, 24, 60, 1_000, 20_000, 40_000])
    await expect(check('a.gguf', gguf.subarray(0, length))).rejects.toMatchObject({ code: 'model_unusable' })
  const claims = Buffer.from(gguf)
  claims.writeBigUInt64LE(2n ** 40n, 8)
  await expect(check('a.gguf', claims)).rejects.toThrow('claims more')
  const future = Buffer.from(gguf)
  future.writeUInt32LE(99, 4)
  await expect(check('a.gguf', future)).rejects.toThrow('version 99')
})
