import type { Example } from '#server/api.ts'
import { type MessageKey, useT } from '../i18n/index.tsx'

/** Name and line of an example in the reader's language, else as its document says. */
export const useExampleText = () => {
  const t = useT()
  return ({ id, document }: Example): { name: string; line: string } => {
    const key = `home.example-${id}`
    const name = t(key as MessageKey)
    if (name === key) return { name: document.name, line: document.description ?? '' }
    return { name, line: t(`${key}-line` as MessageKey) }
  }
}
