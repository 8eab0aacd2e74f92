import { NodeError } from '../errors.ts'

/**
 * Decodes UTF-8 without a byte order mark; anything else is refused, since wrong letters would be found only by a reader.
 * @throws NodeError `not-utf8`
 */
export const decodeText = (path: string, bytes: Uint8Array): string => [...decodeSlices(path, [bytes])].join('')

/** The same for bytes that come in slices, cut anywhere. */
export function* decodeSlices(path: string, slices: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (const slice of slices) yield decoder.decode(slice, { stream: true })
    yield decoder.decode()
  } catch (cause) {
    throw new NodeError('not-utf8', `${path} is not UTF-8 text. Save it as UTF-8.`, { cause, details: { file: path } })
  }
}

/** Whether a path names Markdown. */
export const isMarkdown = (path: string): boolean => /\.(md|mdx|markdown)$/i.test(path)

const notText = /\.(pdf|docx?|xlsx?|pptx?|hwpx?|odt|rtf|epub|png|jpe?g|gif|webp|zip|gz|html?)$/i

/** Decodes a file of an index. Throws `file-kind` for what is no plain text. */
export const readTextFile = async (file: { path: string; bytes: () => Promise<Uint8Array> }): Promise<string> => {
  const refuse = () =>
    new NodeError(
      'file-kind',
      `${file.path} cannot be searched: an index reads plain text and Markdown. Convert it to .md or .txt, or leave it out.`,
      { details: { file: file.path } },
    )
  if (notText.test(file.path)) throw refuse()
  const bytes = await file.bytes()
  if (bytes.includes(0)) throw refuse()
  return decodeText(file.path, bytes)
}
