import { Hono } from 'hono'
import { describe } from '../describe.ts'
import { formatMetrics } from '../metrics.ts'
import type { Parts } from '../parts.ts'

const open = { scope: null } as const

/** What supervisors and monitors ask. */
export const healthRoutes = ({ guard, ready, metrics }: Parts) =>
  new Hono()
    .get('/healthz', describe('The process lives', { 200: { description: 'Always' } }, open), (c) =>
      c.json({ status: 'ok' }),
    )
    .get(
      '/readyz',
      describe(
        'The database answers and runs are taken',
        { 200: { description: 'Ready' }, 503: { description: 'Not now' } },
        open,
      ),
      async (c) =>
        (await ready()) ? c.json({ status: 'ready' }) : c.json({ status: 'not-ready' }, 503, { 'retry-after': '2' }),
    )
    .get(
      '/metrics',
      describe('Prometheus metrics', { 200: { description: 'Text format 0.0.4', type: 'text/plain' } }),
      guard('run'),
      async (c) =>
        c.body(formatMetrics(await metrics()), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
    )
