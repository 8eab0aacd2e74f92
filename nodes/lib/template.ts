import type { Document, Kind, Message } from '../ports.ts'
import { parseTemplate } from '../rules.ts'
import { readPath } from './path.ts'

const renderDocument = (document: Document): string =>
  document.source ? `[${document.source.file}]\n${document.text}` : document.text

/** The one canonical text of a value in a template, by its kind. */
export const renderValue = (value: unknown, kind: Kind): string => {
  switch (kind) {
    case 'document':
      return renderDocument(value as Document)
    case 'documents':
      return (value as Document[]).map(renderDocument).join('\n\n')
    case 'message':
      return (value as Message).content
    case 'messages':
      return (value as Message[]).map((m) => `${m.role}: ${m.content}`).join('\n')
    default:
      return typeof value === 'string' ? value : JSON.stringify(value)
  }
}

/** Fills a template. A path that leads nowhere renders as nothing. */
export const renderTemplate = (
  template: string,
  values: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, Kind>>,
): string =>
  parseTemplate(template)
    .map((part) => {
      if ('text' in part) return part.text
      const whole = values[part.variable]
      if (part.path.length === 0) return whole === undefined ? '' : renderValue(whole, kinds[part.variable] ?? 'any')
      const value = readPath(whole, part.path)
      return value === undefined ? '' : renderValue(value, 'json')
    })
    .join('')
