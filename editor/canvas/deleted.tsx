import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { isGone } from '../api/client.ts'
import { createPipeline } from '../api/pipelines.ts'
import { useDesk } from '../document/desk.ts'
import { browserKeep, holdTab, type Keep } from '../document/keep.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'

type KeepAsNewProps = { read: () => PipelineDocument; onKept?: () => void }

const KeepAsNew = ({ read, onKept }: KeepAsNewProps) => {
  const t = useT()
  const [, go] = useLocation()
  const keep = useMutation({
    mutationFn: () => createPipeline(read()),
    onSuccess: ({ id }) => {
      onKept?.()
      go(canvasPath(id))
    },
  })
  return (
    <>
      {keep.error && <ErrorState error={keep.error} className="mt-2 p-3" />}
      <Button size="small" className="mt-3" disabled={keep.isPending} onClick={() => keep.mutate()}>
        {t('document.keep-as-new')}
      </Button>
    </>
  )
}

/** The pipeline was deleted elsewhere while it is open here: what is on screen can become one of its own. */
export const Deleted = () => {
  const t = useT()
  const desk = useDesk()
  const state = useStore(desk.autosave.state)
  if (state.status !== 'refused' || !isGone(state.error)) return null
  return (
    <div
      role="alertdialog"
      aria-labelledby="deleted-title"
      aria-describedby="deleted-text"
      className="floating absolute top-3 left-1/2 z-30 w-[480px] max-w-[calc(100%-32px)] -translate-x-1/2 rounded-panel bg-wait-soft p-4 shadow-lift-3 ring ring-wait"
    >
      <p id="deleted-title" className="font-semibold">
        {t('document.deleted-title')}
      </p>
      <p id="deleted-text" className="mt-0.5 text-ink-2">
        {t('document.deleted-text')}
      </p>
      <KeepAsNew read={() => desk.store.getState().document} />
    </div>
  )
}

/** Edits of a pipeline that is not there any more, if this browser still keeps some. */
export const KeptOfDeleted = ({ id }: { id: string }) => {
  const t = useT()
  const [found, setFound] = useState<{ keep: Keep; document: PipelineDocument } | undefined>()
  useEffect(() => {
    const end = new AbortController()
    const look = async () => {
      const keep = browserKeep(id, await holdTab(id, end.signal))
      const kept = await keep.find()
      if (kept && !end.signal.aborted) setFound({ keep, document: kept.document })
    }
    void look()
    return () => end.abort()
  }, [id])
  if (!found) return null
  return (
    <div className="mt-4 rounded-panel bg-wait-soft p-4">
      <p>{t('document.deleted-kept', { name: found.document.name })}</p>
      <KeepAsNew read={() => found.document} onKept={found.keep.clear} />
    </div>
  )
}
