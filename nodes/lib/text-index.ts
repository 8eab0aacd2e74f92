import MiniSearch from 'minisearch'
import type { Resource } from '../define.ts'
import { NodeError } from '../errors.ts'
import type { Document } from '../ports.ts'
import { type Chunk, chunkText, type Splitter, splitter } from './chunk.ts'
import { isMarkdown, readTextFile } from './text-file.ts'
import { tokenize } from './tokenize.ts'

type Passage = Chunk & { id: number; file: string; text: string }
export type TextIndex = { passages: number; search: (query: string, top: number) => Document[] }

/** How an index is cut, from its resource's settings. */
export const splitterOf = ({ name, settings }: Resource): Splitter => {
  const parsed = splitter.safeParse(settings.splitter ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new NodeError(
    'splitter-invalid',
    `The splitter of "${name}" is wrong: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. Correct it in the resources.`,
  )
}

/** Reads and cuts the files of a resource and makes them searchable by BM25, in memory. */
export const buildTextIndex = async ({ files }: Resource, cut: Splitter): Promise<TextIndex> => {
  const passages: Passage[] = []
  for (const file of files) {
    const text = await readTextFile(file)
    for (const chunk of await chunkText(text, isMarkdown(file.path), cut)) {
      passages.push({ ...chunk, id: passages.length, file: file.path, text: text.slice(chunk.start, chunk.end) })
    }
  }
  const index = new MiniSearch<Passage>({
    fields: ['text', 'heading'],
    tokenize: (text) => tokenize(text),
    processTerm: (term) => term,
    // Beginnings of Latin words only: Korean has its syllable pairs, and short beginnings match everything.
    searchOptions: {
      boost: { heading: 1.5 },
      prefix: (term) => /^[a-z]{4,}$/.test(term),
      weights: { prefix: 0.3, fuzzy: 0 },
    },
  })
  await index.addAllAsync(passages, { chunkSize: 200 })
  return {
    passages: passages.length,
    search: (query, top) =>
      index
        .search(query)
        .map(({ id, score }) => ({ score, passage: passages[id as number] as Passage }))
        .sort((a, b) => b.score - a.score || a.passage.id - b.passage.id)
        .slice(0, top)
        .map(({ score, passage: { text, file, start, end } }) => ({
          text,
          source: { file, start, end },
          score: Math.round(score * 1e3) / 1e3,
        })),
  }
}
