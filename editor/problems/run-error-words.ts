import { useMemo } from 'react'
import type { RunError } from '#runtime/engine/events.ts'
import { type MessageKey, type Translate, useLanguage, useT } from '../i18n/index.tsx'

/** The first sentence says what happened, the rest why and what to do. */
const inTwo = (message: string): { what: string; why: string } => {
  const end = /[.!?。](?=\s)/.exec(message)
  if (!end) return { what: message, why: '' }
  return { what: message.slice(0, end.index), why: message.slice(end.index + 1).trim() }
}

/** The text of a key that may not exist: codes come from nodes, also from ones that are newer than this page. */
const textOfKey = (key: string, t: Translate, values: Record<string, string | number>): string | undefined => {
  const text = t(key as MessageKey, values)
  return text === key ? undefined : text
}

const isTextual = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/** What an error says of itself beside its code, for texts that name it. */
const valuesOf = (details: RunError['details'] = {}): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]): [string, string | number][] => {
      if (isTextual(value)) return [[name, value]]
      return Array.isArray(value) && value.every(isTextual) ? [[name, value.join(', ')]] : []
    }),
  )

/** The case of a code that means several things, told apart by the details. */
export const failureCase = ({ code, details = {} }: Pick<RunError, 'code' | 'details'>): string => {
  if (code !== 'model-missing' || typeof details['model'] !== 'string') return code
  if (details['model'].startsWith('tuned:')) return 'model-missing-tuned'
  if (Array.isArray(details['there'])) return 'model-missing-here'
  return typeof details['provider'] === 'string' ? 'model-missing-hosted' : code
}

/**
 * What a run or a step failed of. The title goes by the code where we have words for it. The rest is what the node itself says,
 * which names the place; that is English, so other readers get the remedy of the code and find the message under the details.
 */
export const useRunErrorWords = (): ((error: RunError) => { what: string; why: string }) => {
  const t = useT()
  const { language } = useLanguage()
  return useMemo(
    () => (error) => {
      const values = valuesOf(error.details)
      const textOf = (key: string) => textOfKey(`failures.${key}`, t, values)
      const found = failureCase(error)
      const what = textOf(found)
      if (!what) return inTwo(error.message)
      return { what, why: language === 'en' ? error.message : (textOf(`${found}-do`) ?? error.message) }
    },
    [t, language],
  )
}
