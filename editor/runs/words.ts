import type { RunRecord } from '#runtime/engine/run.ts'
import type { MessageKey } from '../i18n/index.tsx'

/** Who started a run. */
export const triggerKeys: Record<RunRecord['trigger'], MessageKey> = {
  manual: 'runs.by-hand',
  api: 'runs.by-api',
  hook: 'runs.by-hook',
  cli: 'runs.by-cli',
}

/** The position of an item as people count: from one. */
export const placeOf = (path: readonly number[]): string => path.map((at) => at + 1).join('.')
