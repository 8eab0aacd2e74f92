import { disassemble, getChoseong } from 'es-hangul'
import type { CatalogueEntry } from '#nodes/define.ts'

export type Found = { entry: CatalogueEntry; score: number }

const fold = (text: string): string => text.normalize('NFC').toLowerCase()
/** Letters apart, so that a syllable that is still being typed finds its word: 프로ㅁ finds 프롬프트. */
const letters = (text: string): string => disassemble(fold(text))
const isChosung = (text: string): boolean => /^[ㄱ-ㅎ]+$/.test(text)

/** How well a query fits a word: 4 whole, 3 beginning, 2 beginning of a part, 1 inside, 0 not at all. */
const rank = (query: string, word: string): number => {
  const [q, w] = [letters(query), letters(word)]
  if (q === w) return 4
  if (w.startsWith(q)) return 3
  if (w.split(/[\s\-·/]+/).some((part) => part.startsWith(q))) return 2
  if (isChosung(query) && getChoseong(word).replace(/\s/g, '').startsWith(query)) return 2
  return w.includes(q) ? 1 : 0
}

/** How well an entry answers: its name counts most, then its keywords, its group and its explanation. */
const score = (entry: CatalogueEntry, query: string): number => {
  const best = (words: readonly string[]) => Math.max(0, ...words.map((word) => rank(query, word)))
  const name = best([entry.title.en, entry.title.ko, entry.type])
  if (name > 0) return name * 10
  const keyword = best(entry.keywords)
  if (keyword > 0) return keyword * 4
  const docs = letters(query).length > 2 ? best([entry.docs.en, entry.docs.ko]) : 0
  return docs > 0 ? 1 : rank(query, entry.group) > 1 ? 2 : 0
}

/** The node types that answer a query in either language, best first; every word of the query must fit. */
export const searchCatalogue = (entries: readonly CatalogueEntry[], query: string): CatalogueEntry[] => {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...entries]
  return entries
    .flatMap((entry): Found[] => {
      const scores = words.map((word) => score(entry, word))
      return scores.every((one) => one > 0) ? [{ entry, score: scores.reduce((a, b) => a + b) }] : []
    })
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry)
}
