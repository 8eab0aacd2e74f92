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
const textOf = (key: string, t: Translate): string | undefined => {
  const text = t(key as MessageKey)
  return text === key ? undefined : text
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
      const what = textOf(`failures.${error.code}`, t)
      if (!what) return inTwo(error.message)
      return {
        what,
        why: language === 'en' ? error.message : (textOf(`failures.${error.code}-do`, t) ?? error.message),
      }
    },
    [t, language],
  )
}
