import type { MessageKey, Translate } from '../i18n/index.tsx'
import { ApiError } from './client.ts'

export type Described = { title: string; detail?: string; technical?: string }

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
  return { title, ...(detail && { detail }), technical }
}

const pointers = (error: ApiError) =>
  (error.problem?.errors ?? []).map(({ pointer, message }) => `${pointer}: ${message}`)
