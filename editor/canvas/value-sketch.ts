import type { Kind } from '#nodes/ports.ts'
import { servingLink } from '../shell/serving-link.ts'

export type Sketch =
  | { form: 'empty' }
  | { form: 'text' | 'figure' | 'json'; text: string }
  | { form: 'passages'; rows: { key: string; text: string; score?: string }[]; more: number }
  | { form: 'link'; text: string; path: string }
  | { form: 'score'; value: string; passed?: boolean; reason?: string }
  | { form: 'report'; mean: string; interval: string; bars: number[] }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const two = (value: number) => value.toFixed(2).replace(/^0\./, '.')
const most = 600

const clip = (text: string): string => (text.length > most ? `${text.slice(0, most)}…` : text)

const passages = (list: readonly unknown[]): Sketch => {
  const shown = list.slice(0, 3).flatMap((one, at) => {
    if (!isRecord(one)) return []
    const file = isRecord(one.source) && typeof one.source.file === 'string' ? one.source.file : undefined
    const text = typeof one.text === 'string' ? one.text.trim().replace(/\s+/g, ' ').slice(0, 120) : ''
    const score = typeof one.score === 'number' ? two(one.score) : undefined
    return [{ key: `${at} ${file ?? ''}`, text: text || file || '', ...(score && { score }) }]
  })
  return shown.length === 0 ? { form: 'empty' } : { form: 'passages', rows: shown, more: list.length - shown.length }
}

const reportSketch = (value: Record<string, unknown>): Sketch | undefined => {
  const { mean, low, high, method, histogram } = value
  if (typeof mean !== 'number') return undefined
  const bins = Array.isArray(histogram) ? histogram.filter((bin): bin is number => typeof bin === 'number') : []
  const top = Math.max(1, ...bins)
  return {
    form: 'report',
    mean: mean.toFixed(2),
    interval:
      method === 'none' || typeof low !== 'number' || typeof high !== 'number' ? '' : `${two(low)}–${two(high)}`,
    bars: bins.map((bin) => bin / top),
  }
}

/** What of a value is worth a few lines on a node. Values come from runs and pins: nothing about them is certain. */
export const sketchOf = (kind: Kind, value: unknown): Sketch => {
  if (value === undefined || value === null || value === '') return { form: 'empty' }
  if (typeof value === 'string') return { form: 'text', text: clip(value) }
  if (typeof value === 'number' || typeof value === 'boolean') return { form: 'figure', text: String(value) }
  if (kind === 'documents' && Array.isArray(value)) return passages(value)
  if (kind === 'document') return passages([value])
  if (kind === 'messages' && Array.isArray(value)) return sketchOf('message', value.at(-1))
  if (kind === 'message' && isRecord(value)) return sketchOf('text', value.content)
  if (kind === 'score' && isRecord(value) && typeof value.value === 'number')
    return {
      form: 'score',
      value: value.value.toFixed(2),
      ...(typeof value.passed === 'boolean' && { passed: value.passed }),
      ...(typeof value.reason === 'string' && { reason: value.reason }),
    }
  if (kind === 'report' && isRecord(value)) {
    const found = reportSketch(value)
    if (found) return found
  }
  const link = servingLink(kind, value)
  if (link) return { form: 'link', ...link }
  if (isRecord(value) && typeof value.sha256 === 'string')
    return {
      form: 'text',
      text: [value.name ?? `${value.sha256.slice(0, 12)}…`, value.mime].filter(Boolean).join(' · '),
    }
  return { form: 'json', text: clip(JSON.stringify(value, undefined, 1)) }
}
