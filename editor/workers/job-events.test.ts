import { expect, it } from 'vitest'
import { reportOf } from './job-events.ts'

it('reads logs, checkpoints and the loss, and leaves out what it does not know', () => {
  const at = '2026-01-01T00:00:00Z'
  const events = [
    { type: 'progress', fraction: 0.1, metrics: { loss: 2 } },
    { type: 'log', level: 'warn', message: 'Slow disk' },
    { type: 'log', level: 'loud', message: 'New level' },
    { type: 'checkpoint', files: {} },
    { type: 'progress', fraction: 0.2, metrics: { loss: 1 } },
    { type: 'progress', fraction: 0.3 },
    { type: 'not-yet-invented' },
    null,
  ].map((event, number) => ({ attempt: 1, number, at, event }))
  const { lines, loss } = reportOf(events)
  expect(loss).toEqual([2, 1])
  expect(lines.map((line) => (line.form === 'log' ? `${line.level}: ${line.message}` : line.form))).toEqual([
    'warn: Slow disk',
    'info: New level',
    'checkpoint',
  ])
})
