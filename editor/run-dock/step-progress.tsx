import { useEffect, useState } from 'react'
import { duration } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { noteWords } from '../ui/metric-words.ts'
import type { NodeRun } from './live-run.ts'

/** The time until a moment, in whole seconds, drawn once a second. */
const TimeLeft = ({ until }: { until: number }) => {
  const t = useT()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, Math.ceil((until - now) / 1_000))
  return <span>{t('ui.time-left', { time: duration(left * 1_000).replace('.0', '') })}</span>
}

/** How far a long step is, in a line: its share, what it says, the time left. */
export const StepProgress = ({ run: { fraction, note, metrics, doneAt } }: { run: NodeRun }) => {
  const t = useT()
  const { step, steps } = metrics ?? {}
  // A trainer's note repeats its steps in English; the numbers say it in every language.
  const counted = step !== undefined && steps !== undefined
  return (
    <>
      {fraction !== undefined && fraction > 0 && <span className="live">{Math.floor(fraction * 100)} %</span>}
      {counted ? (
        <span>
          {step}/{steps}
        </span>
      ) : (
        note !== undefined && <span className="words">{noteWords(note, t)}</span>
      )}
      {doneAt !== undefined && <TimeLeft until={doneAt} />}
    </>
  )
}
