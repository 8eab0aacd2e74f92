import { type I18n, setupI18n } from '@lingui/core'
import { I18nProvider, useLingui } from '@lingui/react'
import { type ReactNode, useMemo } from 'react'
import type { Bilingual } from '#nodes/define.ts'
import type { Messages } from './en/index.ts'
import { joinParticles } from './join-particles.ts'

/** Every text of the editor, by area: `canvas.add-node` stands in en/canvas.json and ko/canvas.json. */
export type MessageKey = keyof Messages & string
export type MessageValues = Record<string, string | number>
export type Translate = (key: MessageKey, values?: MessageValues) => string

export const languages = ['en', 'ko'] as const
export type Language = (typeof languages)[number]
export const languageNames: Record<Language, string> = { en: 'English', ko: '한국어' }

const storageKey = 'patchbay-language'
// Texts on disk, compiled messages by the time they are read here: see compile-catalogues.ts.
const catalogues: Record<Language, () => Promise<{ messages: Record<string, string> }>> = {
  en: () => import('./en/index.ts'),
  ko: () => import('./ko/index.ts'),
}

/** The language of the last choice, else the first of the browser's that we speak, else English. */
export const preferredLanguage = (): Language => {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.slice(0, 2)).find((tag) => isLanguage(tag)) ?? 'en'
}
const isLanguage = (tag: string): tag is Language => (languages as readonly string[]).includes(tag)

const activate = async (i18n: I18n, language: Language): Promise<void> => {
  const { messages } = await catalogues[language]()
  i18n.loadAndActivate({ locale: language, messages })
  document.documentElement.lang = language
}

/** Loads the preferred language; the first screen waits for it. */
export const createI18n = async (): Promise<I18n> => {
  const i18n = setupI18n()
  await activate(i18n, preferredLanguage())
  return i18n
}

export const Languages = ({ i18n, children }: { i18n: I18n; children: ReactNode }) => (
  <I18nProvider i18n={i18n}>{children}</I18nProvider>
)

const translator =
  (i18n: I18n): Translate =>
  (key, values) =>
    joinParticles(i18n._(key, values))

/**
 * Texts in the reader's language. The function changes when the language does, so it is safe in dependency lists.
 * @example const t = useT(); <p>{t('runs.item-count', { count: 64 })}</p>
 */
export const useT = (): Translate => {
  const { i18n } = useLingui()
  // The locale changes inside the same i18n object.
  return useMemo(() => translator(i18n), [i18n, i18n.locale])
}

/** The language on screen, and the way to switch it, at once and for next time. */
export const useLanguage = (): { language: Language; choose: (language: Language) => Promise<void> } => {
  const { i18n } = useLingui()
  return {
    language: i18n.locale as Language,
    choose: async (language) => {
      localStorage.setItem(storageKey, language)
      await activate(i18n, language)
    },
  }
}

/**
 * Picks the reader's side of a text that a node brings along.
 * @example const local = useLocal(); local(entry.title)
 */
export const useLocal = (): ((text: Bilingual) => string) => {
  const { i18n } = useLingui()
  const language = i18n.locale as Language
  return useMemo(() => (text: Bilingual) => text[language] || text.en, [language])
}
