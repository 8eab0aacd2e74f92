import type { Artifacts } from '../artifacts.ts'
import { readJsonText, writeJsonText } from '../json-text.ts'

/** Longer values, in UTF-16 units of JSON text, become artifacts: rows stay small, and equal values are kept once. */
export const inlineLimit = 65_536

/** A value as a row holds it, with the artifacts that it consists of or mentions. */
export type Packed = { text: string; artifacts: readonly string[] }

const none: readonly string[] = []
const mention = /"sha256":"([0-9a-f]{64})"/g

/** Digests of the artifacts that a value mentions: they are needed as long as it is. */
const mentioned = (text: string): readonly string[] =>
  text.includes('"sha256":"') ? [...text.matchAll(mention)].map(([, sha256 = '']) => sha256) : none

const isReserved = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('$artifact' in value || '$literal' in value)

const packOne = async (value: unknown, artifacts: Artifacts): Promise<Packed> => {
  const text = writeJsonText(isReserved(value) ? { $literal: value } : value)
  if (text.length <= inlineLimit) return { text, artifacts: mentioned(text) }
  const { sha256, bytes } = await artifacts.write(Buffer.from(text), 'application/json')
  return { text: JSON.stringify({ $artifact: { sha256, bytes } }), artifacts: [sha256, ...mentioned(text)] }
}

const packEach = async (values: Record<string, unknown>, artifacts: Artifacts): Promise<Packed> => {
  const packed = await Promise.all(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(async ([name, value]) => ({ name, ...(await packOne(value, artifacts)) })),
  )
  return {
    text: `{${packed.map(({ name, text }) => `${writeJsonText(name)}:${text}`).join(',')}}`,
    artifacts: packed.flatMap((one) => one.artifacts),
  }
}

/** Values by name as JSON text for a row. Answers at once unless one of them has to go to the artifact store. */
export const packValues = (values: Record<string, unknown>, artifacts: Artifacts): Packed | Promise<Packed> => {
  const text = writeJsonText(values)
  const plain = text.length <= inlineLimit && !text.includes('"$artifact"') && !text.includes('"$literal"')
  return plain ? { text, artifacts: mentioned(text) } : packEach(values, artifacts)
}

/** The items of a source chunk: one value. */
export const packItems = (items: readonly unknown[], artifacts: Artifacts): Packed | Promise<Packed> => {
  const text = writeJsonText(items)
  return text.length <= inlineLimit ? { text, artifacts: mentioned(text) } : packOne(items, artifacts)
}

const unpackOne = async (value: unknown, artifacts: Artifacts): Promise<unknown> => {
  if (typeof value !== 'object' || value === null) return value
  if ('$literal' in value) return value.$literal
  if (!('$artifact' in value)) return value
  const { sha256 } = value.$artifact as { sha256: string }
  return readJsonText(new TextDecoder().decode(await artifacts.read(sha256)))
}

/** The values that `packValues` wrote. */
export const unpackValues = async (text: string, artifacts: Artifacts): Promise<Record<string, unknown>> => {
  const values = readJsonText<Record<string, unknown>>(text)
  if (!text.includes('"$artifact"') && !text.includes('"$literal"')) return values
  const entries = Object.entries(values)
  return Object.fromEntries(
    await Promise.all(entries.map(async ([name, value]) => [name, await unpackOne(value, artifacts)])),
  )
}

export const unpackItems = async (text: string, artifacts: Artifacts): Promise<Record<string, unknown>[]> =>
  // What packItems wrote is an array, or a reference to one.
  (await unpackOne(readJsonText(text), artifacts)) as Record<string, unknown>[]
