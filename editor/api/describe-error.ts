import type { MessageKey, Translate } from '../i18n/index.tsx'
import { ApiError } from './client.ts'
import { faultsIn, faultWords } from './fault-words.ts'

export type Described = {
  title: string
  detail?: string
  /** What is wrong with what was sent, and where. */
  faults?: readonly { place: string; text: string }[]
  technical?: string
}

/** Names of the request's own parts, which its sender never wrote. */
const envelope = /^\/(document|input|target)(?=\/|$)/

/** The text of a key that may not exist: codes come from outside. */
const textOf = (key: string, t: Translate): string | undefined => {
  const text = t(key as MessageKey)
  return text === key ? undefined : text
}

/**
 * An error in the reader's words: by its stable code where we know it, else in the server's own English. `errors.<code>` is
 * the title, `errors.<code>-detail` what to do.
 */
export const describeError = (error: unknown, t: Translate): Described => {
  if (!(error instanceof ApiError)) return { title: t('errors.unknown'), technical: String(error) }
  const title = textOf(`errors.${error.code}`, t)
  const detail = textOf(`errors.${error.code}-detail`, t)
  const technical = [error.code, error.problem?.title, error.message, ...pointers(error)].filter(Boolean).join('\n')
  if (!title) return { title: t('errors.unknown'), detail: error.message, technical }
  const faults = faultsIn(error).map((fault) => ({
    place: fault.pointer.replace(envelope, ''),
    text: faultWords(fault, t),
  }))
  return { title, ...(detail && { detail }), ...(faults.length > 0 && { faults }), technical }
}

/** The same in one line, for where there is room for no more. */
export const errorLine = (error: unknown, t: Translate): string => {
  const { title, detail, faults = [] } = describeError(error, t)
  return [title, detail, ...faults.map(({ place, text }) => [place, text].filter(Boolean).join(': '))]
    .filter(Boolean)
    .join(' · ')
}

const pointers = (error: ApiError) => faultsIn(error).map(({ pointer, message }) => `${pointer}: ${message}`)
