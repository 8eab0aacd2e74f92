import { z } from 'zod'
import type { Bilingual } from '../define.ts'
import { NodeError } from '../errors.ts'
import { type Kind, kindSchema, kinds } from '../ports.ts'

export const kindTitles: Record<Kind, Bilingual> = {
  text: { en: 'Text', ko: '텍스트' },
  message: { en: 'Message', ko: '메시지' },
  messages: { en: 'Messages', ko: '메시지 목록' },
  document: { en: 'Document', ko: '문서' },
  documents: { en: 'Documents', ko: '문서 목록' },
  file: { en: 'File', ko: '파일' },
  number: { en: 'Number', ko: '숫자' },
  boolean: { en: 'Yes or no', ko: '참·거짓' },
  json: { en: 'JSON', ko: 'JSON' },
  row: { en: 'Row', ko: '행' },
  dataset: { en: 'Dataset', ko: '데이터셋' },
  score: { en: 'Score', ko: '점수' },
  report: { en: 'Report', ko: '보고서' },
  model: { en: 'Model', ko: '모델' },
  deployment: { en: 'Deployment', ko: '배포' },
  any: { en: 'Anything', ko: '아무 값' },
}

/** A name that can be a port: `__proto__` would vanish from plain objects. */
export const portName = z
  .string()
  .regex(/^(?!__proto__$)[\p{L}\p{N}_-]{1,64}$/u, 'A name has 1 to 64 letters, digits, "-" or "_".')

export const kindConfig = z.enum(kinds).meta({ options: kindTitles })

/** The config `fields: { name: kind }` that ports are made of. */
export const fieldsConfig = z.record(portName, kindConfig).meta({ ui: 'fields' })

/** What a value is, in words for an error message. */
export const describeValue = (value: unknown): string => {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return `an object with ${Object.keys(value).slice(0, 8).join(', ') || 'no keys'}`
  const text = JSON.stringify(value)
  return `the ${typeof value === 'string' ? 'text' : typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`
}

/** Returns the value as it is if it is of the kind; `where` names it in the error. */
export const checkKind = (value: unknown, kind: Kind, where: string): unknown => {
  const parsed = kindSchema[kind].safeParse(value)
  if (parsed.success) return value
  const issue = parsed.error.issues[0]
  const inside = issue && issue.path.length > 0 ? ` (at ${issue.path.join('.')})` : ''
  throw new NodeError(
    'wrong-kind',
    `${where} should be ${kind} but is ${describeValue(value)}${inside}. Send ${kind}, or change the kind of the field.`,
    { details: { where, kind } },
  )
}

/** Takes the named fields out of an object, each checked against its kind. `of` names the object in errors. */
export const readFields = (
  object: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Kind>>,
  of: string,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, kind]) => {
      if (!Object.hasOwn(object, name) || object[name] === undefined) {
        const has = Object.keys(object).slice(0, 8).join(', ') || 'no fields'
        throw new NodeError(
          'field-missing',
          `${of} has no field "${name}"; it has ${has}. Add it or remove the field here.`,
          {
            details: { field: name, has },
          },
        )
      }
      return [name, checkKind(object[name], kind, `"${name}" of ${of}`)]
    }),
  )
