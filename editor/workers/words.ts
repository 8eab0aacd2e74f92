import type { JobInfo, WaitingModel, WorkerInfo } from '#server/api.ts'
import { clock } from '../i18n/format.ts'
import type { MessageKey, Translate } from '../i18n/index.tsx'
import type { State } from '../ui/status-glyph.tsx'

/** The sign of a worker's state: trouble beats work, work beats rest. */
export const workerSign = (worker: Pick<WorkerInfo, 'state' | 'local' | 'broken' | 'beat' | 'inFlight'>): State => {
  if (worker.state === 'lost') return 'failed'
  if (worker.broken) return 'invalid'
  if (worker.state === 'new') return worker.local ? 'idle' : 'queued'
  if (worker.state === 'draining') return 'skipped'
  const busy = worker.inFlight + (worker.beat?.running ?? 0) + (worker.beat?.jobs.length ?? 0)
  return busy > 0 ? 'running' : 'succeeded'
}

const workerStateKeys: Record<WorkerInfo['state'], MessageKey> = {
  ready: 'workers.ready',
  draining: 'workers.draining',
  lost: 'workers.lost',
  new: 'workers.new',
}
export const workerStateWords = ({ state, broken, local }: WorkerInfo, t: Translate, language: string): string => {
  if (broken && state !== 'lost') return t('workers.broken-until', { time: clock(broken.until, language) })
  // A server makes its own worker known before it starts it.
  return t(isAsleep({ state, local }) ? 'workers.asleep' : workerStateKeys[state])
}
export const isAsleep = ({ state, local }: Pick<WorkerInfo, 'state' | 'local'>): boolean => state === 'new' && local

export const jobSign: Record<JobInfo['state'], State> = {
  queued: 'queued',
  leased: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'cancelled',
}
export const jobStateKeys: Record<JobInfo['state'], MessageKey> = {
  queued: 'ui.state-queued',
  leased: 'ui.state-running',
  succeeded: 'ui.state-succeeded',
  failed: 'ui.state-failed',
  cancelled: 'ui.state-cancelled',
}

/** The words of a stable code; a code that is newer than this page stands for itself. */
const byCode = (prefix: string, code: string, t: Translate): string => {
  const key = `workers.${prefix}-${code}`
  const text = t(key as MessageKey)
  return text === key ? code : text
}
export const waitWords = (reason: WaitingModel['reason'], t: Translate): string => byCode('wait', reason, t)
/** Why a job waits; where no worker could do it, what none of them has. */
export const jobWaitWords = ({ waits, lacks }: Pick<JobInfo, 'waits' | 'lacks'>, t: Translate): string | null => {
  if (lacks?.what === 'gpus') return t('workers.job-lacks-gpus', { needs: lacks.needs, most: lacks.most })
  const gigabytes = (bytes: number) => Math.round(bytes / 2 ** 30)
  if (lacks?.what === 'memory')
    return t('workers.job-lacks-memory', { needs: gigabytes(lacks.needs), most: gigabytes(lacks.most) })
  return waits && byCode('job-wait', waits, t)
}
export const modelStateWords = (state: string, t: Translate): string => byCode('model', state, t)
export const capabilityWords = (capability: string, t: Translate): string => byCode('can', capability, t)
export const deviceWords = ({ name, cores }: { name: string; cores?: number | undefined }, t: Translate): string =>
  cores === undefined ? name : t('workers.cores', { name, count: cores })
export const kindWords = (kind: string, t: Translate): string => byCode('kind', kind, t)
