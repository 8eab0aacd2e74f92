import type { JobEventRecord } from '#server/api.ts'

type Entry = { key: string; at: string; attempt: number }
export type LogLine = Entry &
  ({ form: 'log'; level: 'info' | 'warn' | 'error'; message: string } | { form: 'checkpoint' })
/** What a job reported, for people: lines to read, and its loss to look at. */
export type JobReport = { lines: LogLine[]; loss: number[] }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const levels = ['info', 'warn', 'error'] as const

/** Events come from workers, also from newer ones: what is not known is left out. */
export const reportOf = (events: readonly JobEventRecord[]): JobReport => {
  const report: JobReport = { lines: [], loss: [] }
  for (const { attempt, number, at, event } of events) {
    if (!isRecord(event)) continue
    const entry = { key: `${attempt}.${number}`, at, attempt }
    if (event.type === 'log' && typeof event.message === 'string')
      report.lines.push({
        ...entry,
        form: 'log',
        level: levels.find((level) => level === event.level) ?? 'info',
        message: event.message,
      })
    if (event.type === 'checkpoint') report.lines.push({ ...entry, form: 'checkpoint' })
    if (event.type === 'progress' && isRecord(event.metrics) && typeof event.metrics.loss === 'number')
      report.loss.push(event.metrics.loss)
  }
  return report
}
