import { Check, Hand, History, OctagonX, Power, SkipForward, Square, TriangleAlert } from 'lucide-react'
import { type MessageKey, useT } from '../i18n/index.tsx'
import { cn } from './cn.ts'

/** Every state a node, step or run can show. */
export const states = [
  'idle',
  'queued',
  'running',
  'streaming',
  'cached',
  'succeeded',
  'failed',
  'waiting',
  'skipped',
  'disabled',
  'invalid',
  'cancelled',
] as const
export type State = (typeof states)[number]

export const stateKeys: Record<State, MessageKey> = {
  idle: 'ui.state-idle',
  queued: 'ui.state-queued',
  running: 'ui.state-running',
  streaming: 'ui.state-streaming',
  cached: 'ui.state-cached',
  succeeded: 'ui.state-succeeded',
  failed: 'ui.state-failed',
  waiting: 'ui.state-waiting',
  skipped: 'ui.state-skipped',
  disabled: 'ui.state-disabled',
  invalid: 'ui.state-invalid',
  cancelled: 'ui.state-cancelled',
}

const icon = { 'aria-hidden': true, className: 'size-3.5', strokeWidth: 2 } as const

const drawing = (state: State) => {
  switch (state) {
    case 'idle':
      return <span className="led" />
    case 'queued':
      return <span className="led queued" />
    case 'running':
      return <span className="led lit" />
    case 'streaming':
      return (
        <span className="bars">
          <b />
          <b />
          <b />
        </span>
      )
    case 'cached':
      return <History {...icon} />
    case 'succeeded':
      return <Check {...icon} />
    case 'failed':
      return <OctagonX {...icon} />
    case 'waiting':
      return <Hand {...icon} />
    case 'skipped':
      return <SkipForward {...icon} />
    case 'disabled':
      return <Power {...icon} />
    case 'invalid':
      return <TriangleAlert {...icon} />
    case 'cancelled':
      return <Square {...icon} />
  }
}

/** The state of a node, step or run as a 16 px sign. `silent` where its word stands beside it. */
export const StatusGlyph = ({ state, silent, className }: { state: State; silent?: boolean; className?: string }) => {
  const t = useT()
  const named = silent ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': t(stateKeys[state]) }
  const tone =
    state === 'failed' || state === 'invalid' ? 'text-fail' : state === 'waiting' ? 'text-wait' : 'text-ink-3'
  return (
    <span {...named} className={cn('grid size-4 shrink-0 place-items-center', tone, className)}>
      {drawing(state)}
    </span>
  )
}
