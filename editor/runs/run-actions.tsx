import { Download, Play, Square } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import type { RunDetail } from '#server/api.ts'
import { hasEnded, useCancelRun, useStartRun } from '../api/runs.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath, runPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { saveFile } from '../ui/save-file.ts'
import { toast } from '../ui/toaster.tsx'

type RunActionsProps = { detail: RunDetail; onError: (error: unknown) => void }

/** What can be done with a run: stop it, run its input again, look at it on the canvas, keep its output. */
export const RunActions = ({ detail, onError }: RunActionsProps) => {
  const t = useT()
  const [, go] = useLocation()
  const cancel = useCancelRun()
  const start = useStartRun()
  const { id, pipeline, version, input, output, status, number } = detail
  const again = () => {
    if (!pipeline) return
    const request = { pipeline, input, ...(version !== null && { version }) }
    start.mutate(request, {
      onSuccess: (next) => {
        toast(t('runs.started-again', { number }))
        go(runPath(next.id))
      },
      onError,
    })
  }
  return (
    <div className="ml-auto flex items-center gap-1.5">
      {output && (
        <Button
          variant="ghost"
          onClick={() =>
            saveFile(
              new Blob([JSON.stringify(output, null, 2)], { type: 'application/json' }),
              `${detail.name} ${number}.json`,
            )
          }
        >
          <Download aria-hidden />
          {t('runs.export-output')}
        </Button>
      )}
      {pipeline && (
        <Button variant="ghost" asChild>
          <Link href={canvasPath(pipeline, { run: id })}>{t('runs.open-canvas')}</Link>
        </Button>
      )}
      {!hasEnded(status) && (
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate(id, { onError })}>
          <Square aria-hidden fill="currentColor" className="size-3!" />
          {t('runs.stop')}
        </Button>
      )}
      {hasEnded(status) && pipeline && (
        <Button variant="lime" disabled={start.isPending} onClick={again}>
          <Play aria-hidden fill="currentColor" />
          {t('runs.again')}
        </Button>
      )}
    </div>
  )
}
