import type { RunStatus } from '#runtime/engine/events.ts'
import { useT } from '../i18n/index.tsx'
import { Chip } from './chip.tsx'
import { StatusGlyph, stateKeys } from './status-glyph.tsx'

const tones = {
  failed: 'fail',
  waiting: 'wait',
  running: 'live',
  queued: 'quiet',
  succeeded: 'quiet',
  cancelled: 'quiet',
} as const

/** The status of a run as a chip: sign and word. */
export const StateChip = ({ status }: { status: RunStatus }) => {
  const t = useT()
  return (
    <Chip tone={tones[status]}>
      <StatusGlyph state={status} silent className="size-3 text-current [&_svg]:size-3" />
      {t(stateKeys[status])}
    </Chip>
  )
}
