import type { Document, Message, Report, Score } from '#nodes/ports.ts'

// Values come from runs, also of older versions: their shape is looked at, never trusted.
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const asMessage = (value: unknown): Message | undefined =>
  isRecord(value) && typeof value['content'] === 'string' && typeof value['role'] === 'string'
    ? (value as Message)
    : undefined

export const asDocument = (value: unknown): Document | undefined =>
  isRecord(value) && typeof value['text'] === 'string' ? (value as Document) : undefined

export const asScore = (value: unknown): Score | undefined =>
  isRecord(value) && typeof value['value'] === 'number' ? (value as Score) : undefined

export const asReport = (value: unknown): Report | undefined =>
  isRecord(value) &&
  typeof value['mean'] === 'number' &&
  typeof value['n'] === 'number' &&
  Array.isArray(value['histogram'])
    ? (value as Report)
    : undefined
