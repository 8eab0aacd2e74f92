import { MarkdownTextSplitter, RecursiveCharacterTextSplitter } from '@langchain/textsplitters'
import { z } from 'zod'

/** Sizes in UTF-16 code units. */
export const splitter = z
  .object({ size: z.int().min(50).max(20_000).default(800), overlap: z.int().min(0).max(10_000).default(100) })
  .refine(({ size, overlap }) => overlap * 2 <= size, 'The overlap is at most half of the size.')
export type Splitter = z.infer<typeof splitter>

/** A passage: `text.slice(start, end)`. `heading` is the trail of Markdown headings above it. */
export type Chunk = { start: number; end: number; heading: string }

type Heading = { at: number; level: number; title: string }

/** The headings of a Markdown text; lines inside code fences are none. */
const headingsOf = (text: string): Heading[] => {
  const found: Heading[] = []
  let fence: string | undefined
  for (const line of text.matchAll(/^.*$/gm)) {
    const mark = /^ {0,3}(```|~~~)/.exec(line[0])?.[1]
    if (mark && (fence === undefined || fence === mark)) fence = fence ? undefined : mark
    const heading = fence === undefined && /^ {0,3}(#{1,6})\s+(.+?)\s*#*$/.exec(line[0])
    if (heading) found.push({ at: line.index, level: (heading[1] as string).length, title: heading[2] as string })
  }
  return found
}

/** The titles that a position stands under, outermost first. */
const trailAt = (headings: readonly Heading[], position: number): string => {
  const trail: Heading[] = []
  for (const heading of headings) {
    if (heading.at > position) break
    while ((trail.at(-1)?.level ?? 0) >= heading.level) trail.pop()
    trail.push(heading)
  }
  return trail.map((heading) => heading.title).join(' › ')
}

/** A position that does not cut a letter made of two code units. */
const whole = (text: string, at: number): number =>
  at > 0 &&
  at < text.length &&
  /[\uD800-\uDBFF]/.test(text[at - 1] as string) &&
  /[\uDC00-\uDFFF]/.test(text[at] as string)
    ? at - 1
    : at

/** Where a passage that follows another begins once it repeats up to `overlap` of it: at a word if there is one. */
const reachBack = (text: string, start: number, overlap: number): number => {
  const from = Math.max(0, start - overlap)
  if (from === start) return start
  const word = /(?<=\s)\S/.exec(text.slice(Math.max(0, from - 1), start))
  return word ? Math.max(0, from - 1) + word.index : from
}

/**
 * Cuts a text into passages with exact places. LangChain's splitters find the cuts *without* overlap: then only space lies
 * between pieces and each is found where it stands, which their own overlap makes ambiguous in repetitive text. The overlap is
 * added here. A passage is at most `size` long and never reaches back over the heading that it begins with.
 */
export const chunkText = async (text: string, markdown: boolean, { size, overlap }: Splitter): Promise<Chunk[]> => {
  const Cutter = markdown ? MarkdownTextSplitter : RecursiveCharacterTextSplitter
  const pieces = await new Cutter({ chunkSize: size - overlap, chunkOverlap: 0 }).splitText(text)
  const headings = markdown ? headingsOf(text) : []
  const starts = new Set(headings.map((heading) => heading.at))
  let reached = 0
  return pieces.map((piece) => {
    const start = text.indexOf(piece, reached)
    const first = reached === 0 || starts.has(start)
    reached = start + piece.length
    const from = whole(text, first ? start : reachBack(text, start, overlap))
    return { start: from, end: whole(text, reached), heading: trailAt(headings, start) }
  })
}
