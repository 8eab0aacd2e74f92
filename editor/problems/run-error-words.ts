import { useMemo } from 'react'
import type { RunError } from '#runtime/engine/events.ts'
import en from '../i18n/en/problems.json' with { type: 'json' }
import { type MessageKey, useT } from '../i18n/index.tsx'

const known = (key: string): key is MessageKey => key in en

/** The first sentence says what happened, the rest why and what to do. */
const inTwo = (message: string): { what: string; why: string } => {
  const end = /[.!?。](?=\s)/.exec(message)
  if (!end) return { what: message, why: '' }
  return { what: message.slice(0, end.index), why: message.slice(end.index + 1).trim() }
}

const plain = (details: Record<string, unknown> = {}): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      typeof value === 'number' ? value : typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )

/** What a run or a step failed of, by its code where we have words for it, else in the node's own English. */
export const useRunErrorWords = (): ((error: RunError) => { what: string; why: string }) => {
  const t = useT()
  return useMemo(
    () => (error) => {
      const own = inTwo(error.message)
      const what = `problems.run-${error.code}`
      const why = `problems.run-${error.code}-why`
      const values = plain(error.details)
      return {
        what: known(what) ? t(what, values) : own.what,
        why: known(why) ? t(why, values) : known(what) ? own.why || own.what : own.why,
      }
    },
    [t],
  )
}
