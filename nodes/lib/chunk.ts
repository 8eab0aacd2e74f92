import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'

/** Sizes in UTF-16 code units. */
export const splitter = z
  .object({ size: z.int().min(50).max(20_000).default(800), overlap: z.int().min(0).max(10_000).default(100) })
  .refine(({ size, overlap }) => overlap * 2 <= size, {
    error: 'The overlap is at most half of the size.',
    params: { rule: 'half-overlap' },
  })
export type Splitter = z.infer<typeof splitter>

/** A passage: `text.slice(start, end)`. `heading` is the trail of Markdown headings above it. */
export type Chunk = { start: number; end: number; heading: string }

type Heading = { at: number; level: number; title: string; trail: string }

/** The headings of a Markdown text with the titles that they stand under; lines inside code fences are none. */
const headingsOf = (text: string): Heading[] => {
  const found: Heading[] = []
  const open: Heading[] = []
  let fence: string | undefined
  for (const line of text.matchAll(/^.+$/gm)) {
    const mark = /^ {0,3}(```|~~~)/.exec(line[0])?.[1]
    if (mark && (fence === undefined || fence === mark)) fence = fence ? undefined : mark
    const [, marks, title] = (fence === undefined && /^ {0,3}(#{1,6})[ \t]+(\S.{0,199})/.exec(line[0])) || []
    if (!marks || !title) continue
    while ((open.at(-1)?.level ?? 0) >= marks.length) open.pop()
    const heading = { at: line.index, level: marks.length, title: title.replace(/[\s#]+$/, ''), trail: '' }
    open.push(heading)
    heading.trail = open.map((above) => above.title).join(' › ')
    found.push(heading)
  }
  return found
}

/** Whether a position lies between the two code units of one letter. */
const cutsLetter = (text: string, at: number): boolean =>
  /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 1), at + 1))

/** Where a passage that follows another begins once it repeats the text from `from` on: at a word if there is one. */
const reachBack = (text: string, start: number, from: number): number => {
  if (from >= start) return start
  const before = Math.max(0, from - 1)
  const word = /(?<=\s)\S/.exec(text.slice(before, start))
  const at = word ? before + word.index : from
  return cutsLetter(text, at) ? at + 1 : at
}

/** UTF-16 code units that are cut in one go: about 0.3 s, in which nothing else gets its turn. */
const mostAtOnce = 1_000_000

/** Parts of a long text that are cut one after the other. They end after a paragraph, else a line, else anywhere between two letters. */
export const slicesOf = (text: string, most = mostAtOnce): string[] => {
  const slices: string[] = []
  let start = 0
  while (text.length - start > most) {
    const within = text.slice(start, start + most)
    const paragraph = within.lastIndexOf('\n\n') + 2
    const line = within.lastIndexOf('\n') + 1
    const end = paragraph > most / 2 ? paragraph : line > most / 2 ? line : most
    const length = cutsLetter(text, start + end) ? end - 1 : end
    slices.push(text.slice(start, start + length))
    start += length
  }
  slices.push(text.slice(start))
  return slices
}

/**
 * Cuts a text into passages with exact places. LangChain's splitters find the cuts *without* overlap: then only space lies
 * between pieces and each is found where it stands, which their own overlap makes ambiguous in repetitive text. The overlap is
 * added here. A passage is at most `size` long and never reaches back over the heading that it begins with.
 */
export const chunkText = async (text: string, markdown: boolean, { size, overlap }: Splitter): Promise<Chunk[]> => {
  // With the first text only: loading it takes 0.26 s of CPU and 37 MB, which a server that has no documents need not hold.
  const { MarkdownTextSplitter, RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  const Cutter = markdown ? MarkdownTextSplitter : RecursiveCharacterTextSplitter
  const cutter = new Cutter({ chunkSize: size - overlap, chunkOverlap: 0 })
  const pieces: string[] = []
  for (const slice of slicesOf(text)) {
    // Heartbeats and other runs get their turn: a process that is silent for long is taken for dead.
    await setImmediate()
    for (const piece of await cutter.splitText(slice)) pieces.push(piece)
  }
  const headings = markdown ? headingsOf(text) : []
  const starts = new Set(headings.map((heading) => heading.at))
  let [began, reached, passed] = [0, 0, 0]
  return pieces.map((piece) => {
    const found = text.indexOf(piece, reached)
    const start = cutsLetter(text, found) ? found - 1 : found
    const alone = reached === 0 || starts.has(start)
    // A short piece before is never repeated whole: this passage would make it superfluous.
    const from = alone ? start : reachBack(text, start, Math.max(start - overlap, began + 1))
    while ((headings[passed]?.at ?? Number.POSITIVE_INFINITY) <= start) passed += 1
    began = start
    reached = found + piece.length
    const end = cutsLetter(text, reached) ? reached - 1 : reached
    return { start: from, end, heading: headings[passed - 1]?.trail ?? '' }
  })
}
