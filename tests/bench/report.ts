import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import type { Measure } from './engine.ts'

/** `beside` heads the column of bounds. */
export type Table = { title: string; note?: string; beside?: string; measures: readonly Measure[] }

const show = (value: number): string => {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

/** Whether a goal such as `≤ 3` or `≥ 1,500` is met, in words; where it is missed, by how much. */
export const verdict = (value: number, goal: string | undefined): string => {
  const [, sign, text = ''] = /^([≤≥]) ([\d.,]+)$/.exec(goal ?? '') ?? []
  if (sign === undefined) return ''
  const limit = Number(text.replaceAll(',', ''))
  const times = sign === '≤' ? value / limit : limit / value
  return times <= 1 ? 'met' : `**missed**, ${times.toFixed(times < 10 ? 1 : 0)} ×`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

export const tableText = ({ title, note, beside = 'bare database', measures }: Table): string => {
  const bounds = measures.some(({ bound }) => bound !== undefined)
  const lines = measures.map(({ what, value, unit, bound, goal }) =>
    row([
      what,
      `${show(value)} ${unit}`,
      ...(bounds ? [bound === undefined ? '' : `${show(bound)} ${unit}`] : []),
      goal ?? '',
      verdict(value, goal),
    ]),
  )
  const head = ['what', 'figure', ...(bounds ? [beside] : []), 'goal', '']
  return [`## ${title}`, ...(note ? ['', note] : []), '', row(head), row(head.map(() => '-')), ...lines, ''].join('\n')
}

/** What stands above the tables: which machine, which versions, how busy it was. */
export const facts = (postgres: string | undefined, loadBefore: number): string => {
  const cores = cpus()
  const busy = Math.max(loadBefore, loadavg()[0] ?? 0)
  const lines = [
    `- ${new Date().toISOString().slice(0, 10)}, \`npm run bench\`, commit ${commit()}`,
    `- ${cores.length} cores (${cores[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB memory, ${type()} ${release()}`,
    `- Node ${process.versions.node}, ${postgres === undefined ? '' : `PostgreSQL ${postgres} and `}PGlite, with fsync and synchronous_commit on`,
    `- load average before and after: ${loadBefore.toFixed(1)} and ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ]
  if (loadBefore > 3)
    lines.push(
      `- **Measured on a busy machine** (load ${busy.toFixed(1)} on ${cores.length} cores before the bench began): figures are worse than the machine allows. Compare rows of this run with each other, not with those of another.`,
    )
  return lines.join('\n')
}

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: 'pipe' }).trim()
  } catch {
    return 'unknown'
  }
}
