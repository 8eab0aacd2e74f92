import type { MessageKey, MessageValues } from '../i18n/index.tsx'
import type { LiveRun } from '../run-dock/live-run.ts'

export type Verdict = { key: MessageKey; values: MessageValues; tone: 'quiet' | 'fail' | 'live' | 'wait' }

/** The run in one sentence: what happened, to whom. `count` is that of its nodes; `nameOf` turns a node's id into its name. */
export const verdictOf = (run: LiveRun, count: number, nameOf: (node: string) => string): Verdict => {
  const nodes = Object.entries(run.nodes)
  const failed = nodes.filter(([, node]) => node.status === 'failed')
  const holes = nodes.reduce((sum, [, node]) => sum + (node.status === 'failed' ? 0 : (node.items?.failed ?? 0)), 0)
  switch (run.status) {
    case 'queued':
      return { key: 'runs.verdict-queued', values: {}, tone: 'quiet' }
    case 'waiting':
      return { key: 'runs.verdict-waiting', values: {}, tone: 'wait' }
    case 'running':
      return {
        key: 'runs.verdict-running',
        values: { done: nodes.filter(([, node]) => node.ended).length, count },
        tone: 'live',
      }
    case 'cancelled':
      return { key: 'runs.verdict-cancelled', values: {}, tone: 'quiet' }
    case 'failed': {
      const node = run.error?.node ?? failed[0]?.[0]
      if (!node) return { key: 'runs.verdict-failed', values: {}, tone: 'fail' }
      return { key: 'runs.verdict-failed-at', values: { node: nameOf(node) }, tone: 'fail' }
    }
    case 'succeeded':
      return holes > 0
        ? { key: 'runs.verdict-holes', values: { count: holes }, tone: 'fail' }
        : { key: 'runs.verdict-succeeded', values: {}, tone: 'quiet' }
  }
}
