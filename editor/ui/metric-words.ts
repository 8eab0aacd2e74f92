import type { MessageKey, Translate } from '../i18n/index.tsx'

/** What a metric of a long step is called; one that we do not know keeps its own name. */
export const metricName = (name: string, t: Translate): string => {
  const key = `ui.metric-${name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('.', '-')
    .toLowerCase()}`
  const text = t(key as MessageKey)
  return text === key ? name : text
}

/** `0.4123`, `0.0002`, `1234`: as many digits as tell something. */
export const metricValue = (value: number): string => {
  if (Number.isInteger(value)) return String(value)
  if (Math.abs(value) >= 100) return value.toFixed(0)
  if (Math.abs(value) >= 0.01) return value.toFixed(3)
  return value.toPrecision(2)
}

/** What a worker says it does: a word of ours where it is one of ours. */
export const noteWords = (note: string, t: Translate): string => {
  const key = `ui.note-${note}`
  const text = t(key as MessageKey)
  return text === key ? note : text
}
