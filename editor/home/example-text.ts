import type { Example } from '#server/api.ts'
import { type Language, type MessageKey, useT } from '../i18n/index.tsx'

const edition = '-ko'
const baseOf = (id: string) => (id.endsWith(edition) ? id.slice(0, -edition.length) : id)

/** Where an example exists in two languages (`x` and `x-ko`), the one that the reader reads. */
export const editionsFor = (examples: readonly Example[], language: Language): Example[] => {
  const ids = new Set(examples.map(({ id }) => id))
  const isKorean = (id: string) => id.endsWith(edition) && ids.has(baseOf(id))
  return examples.filter(({ id }) => (language === 'ko' ? !ids.has(id + edition) : !isKorean(id)))
}

/** Name and line of an example in the reader's language, else as its document says. */
export const useExampleText = () => {
  const t = useT()
  return ({ id, document }: Example): { name: string; line: string } => {
    const key = `home.example-${baseOf(id)}`
    const name = t(key as MessageKey)
    if (name === key) return { name: document.name, line: document.description ?? '' }
    return { name, line: t(`${key}-line` as MessageKey) }
  }
}
