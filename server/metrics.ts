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
