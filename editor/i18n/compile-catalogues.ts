import type { Plugin } from 'vite'
import { compileMessage } from './compile-message.ts'

/** Compiles the texts of all languages while Vite reads them. A text that does not parse stops the build with its key. */
export const compileCatalogues = (): Plugin => ({
  name: 'patchbay:compile-catalogues',
  enforce: 'pre',
  transform: {
    filter: { id: /\/i18n\/(en|ko)\/[\w-]+\.json$/ },
    handler: (code) => {
      const texts = Object.entries(JSON.parse(code) as Record<string, string>)
      const compiled = texts.map(([key, text]) => {
        try {
          return [key, compileMessage(text)]
        } catch (cause) {
          throw new Error(`The text ${key} is not an ICU message. Check its braces.`, { cause })
        }
      })
      return { code: JSON.stringify(Object.fromEntries(compiled)), map: null }
    },
  },
})
