import type { FleetState, FleetWorker } from '#runtime/dispatch/fleet.ts'
import type { Router } from '#runtime/dispatch/router.ts'

/** One measured family in Prometheus text format. */
export type Metric = {
  name: string
  help: string
  type: 'counter' | 'gauge'
  values: readonly { labels?: Record<string, string>; value: number }[]
}

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

/** Prometheus text exposition, version 0.0.4. */
export const formatMetrics = (metrics: readonly Metric[]): string =>
  metrics
    .map(({ name, help, type, values }) => {
      const lines = values.map(({ labels = {}, value }) => {
        const inner = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`)
        return `${name}${inner.length > 0 ? `{${inner.join(',')}}` : ''} ${value}`
      })
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`
    })
    .join('')

/** What monitors watch. Runs of the last day: older ones do not change, and counting them would read every partition. */
export const runMetrics = async (
  countByStatus: () => Promise<{ status: string; count: number }[]>,
): Promise<Metric[]> => [
  {
    name: 'patchbay_runs',
    help: 'Runs of the last 24 hours by status',
    type: 'gauge',
    values: (await countByStatus()).map(({ status, count }) => ({ labels: { status }, value: count })),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of this process',
    type: 'gauge',
    values: [{ value: process.memoryUsage.rss() }],
  },
]

const gauge = (name: string, help: string, values: Metric['values']): Metric => ({ name, help, type: 'gauge', values })
const counter = (name: string, help: string, value: number): Metric => ({
  name,
  help,
  type: 'counter',
  values: [{ value }],
})

/** Workers, what they do, and what waits for them here. */
export const workerMetrics = (
  workers: readonly FleetWorker[],
  { waiting, counts }: Pick<Router, 'waiting' | 'counts'>,
): Metric[] => {
  const states: FleetState[] = ['ready', 'draining', 'lost', 'new']
  const live = workers.filter(({ state }) => state === 'ready' || state === 'draining')
  const each = (value: (worker: FleetWorker) => number) =>
    live.map((worker) => ({ labels: { worker: worker.name }, value: value(worker) }))
  const { calls, retries, hedges, failures, near } = counts()
  return [
    gauge(
      'patchbay_workers',
      'Workers by state',
      states.map((state) => ({ labels: { state }, value: workers.filter((one) => one.state === state).length })),
    ),
    gauge(
      'patchbay_worker_requests_running',
      'Requests that run on a worker',
      each(({ beat }) => beat?.running ?? 0),
    ),
    gauge(
      'patchbay_worker_requests_waiting',
      'Requests that wait on a worker',
      each(({ beat }) => beat?.waiting ?? 0),
    ),
    gauge(
      'patchbay_worker_requests_in_flight',
      'Requests of this server under way on a worker',
      each((one) => one.inFlight),
    ),
    gauge(
      'patchbay_worker_kv_cache_use',
      'Share of a KV cache in use',
      each(({ beat }) => beat?.kvUse ?? 0),
    ),
    gauge(
      'patchbay_worker_free_memory_bytes',
      'Free memory of a worker',
      each(({ beat }) => beat?.freeMemory ?? 0),
    ),
    gauge(
      'patchbay_worker_broken',
      '1 while a worker is left out after failures',
      each(({ broken }) => (broken ? 1 : 0)),
    ),
    gauge(
      'patchbay_model_requests_waiting',
      'Requests that wait here for a model, by reason',
      waiting().map(({ model, reason, waiting: value }) => ({ labels: { model, reason }, value })),
    ),
    counter('patchbay_model_calls_total', 'Requests to models of workers', calls),
    counter(
      'patchbay_model_retries_total',
      'Requests that were sent to another worker before their first byte',
      retries,
    ),
    counter('patchbay_model_hedges_total', 'Requests for which a second worker was asked as well', hedges),
    counter('patchbay_model_failures_total', 'Workers that failed a request', failures),
    counter('patchbay_model_near_total', 'Requests that were sent where their beginning was known', near),
  ]
}
