import type { MessageKey, Translate } from '../i18n/index.tsx'

/** A field's unit as it is read: words are translated, signs such as GB stand for themselves. */
export const unitWords = (unit: string, t: Translate): string => {
  const key = `inspector.unit-${unit.toLowerCase()}`
  const text = t(key as MessageKey)
  return text === key ? unit : text
}
