import { useMutation } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import { diff } from '#runtime/pipeline/diff.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { createPipeline, savePipeline } from '../api/pipelines.ts'
import type { Theirs } from '../document/autosave.ts'
import { useDesk, useDocument } from '../document/desk.ts'
import { moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { toast } from '../ui/toaster.tsx'

/** How many nodes two documents have differently; where they stand does not count. */
const differing = (mine: PipelineDocument, theirs: PipelineDocument): number =>
  new Set(
    diff(mine, theirs).flatMap((change) => ('node' in change && change.change !== 'node-moved' ? change.node : [])),
  ).size

type ConflictProps = {
  /** A run was asked for, which nobody can start before the choice. */
  inTheWay: boolean
}

/**
 * Saved elsewhere in the meantime, by someone else or in a tab of one's own: asks which edits go on here, and keeps the
 * other ones as a pipeline of their own.
 */
export const Conflict = ({ inTheWay }: ConflictProps) => {
  const state = useStore(useDesk().autosave.state)
  return state.status === 'conflict' ? <Question theirs={state.theirs} inTheWay={inTheWay} /> : null
}

const Question = ({ theirs, inTheWay }: ConflictProps & { theirs: Theirs }) => {
  const t = useT()
  const desk = useDesk()
  const { language } = useLanguage()
  const [, go] = useLocation()
  const document = useDocument((of) => of)
  const first = useRef<HTMLButtonElement>(null)
  const count = useMemo(() => differing(document, theirs.document), [document, theirs])
  useEffect(() => {
    if (inTheWay) first.current?.focus()
  }, [inTheWay])

  /** Keeps a document as a pipeline of its own, and what becomes of it until that is done. */
  const keepAside = async (read: () => PipelineDocument) => {
    let kept = read()
    const name = t('document.copy-name', { name: kept.name }).slice(0, 200)
    const copy = await createPipeline({ ...kept, name }, desk.id)
    for (let { revision } = copy; kept !== read(); ) {
      kept = read()
      revision = (await savePipeline(copy.id, revision, { ...kept, name })).revision
    }
    toast(t('document.copied', { name }), {
      action: { label: t('document.open-copy'), onClick: () => go(canvasPath(copy.id)) },
    })
  }
  const choose = useMutation({
    mutationFn: async (side: 'mine' | 'theirs') => {
      await keepAside(() => (side === 'mine' ? theirs.document : desk.store.getState().document))
      if (side === 'mine') desk.autosave.keepMine()
      else desk.autosave.takeTheirs(theirs)
    },
  })
  return (
    <div
      role="alertdialog"
      aria-labelledby="conflict-title"
      aria-describedby="conflict-text"
      className="floating absolute top-3 left-1/2 z-30 flex w-[480px] max-w-[calc(100%-32px)] -translate-x-1/2 items-start gap-4 rounded-panel bg-wait-soft p-4 shadow-lift-3 ring ring-wait"
    >
      <div className="min-w-0 flex-1">
        <p id="conflict-title" className="font-semibold">
          {t('document.conflict-title')}
        </p>
        <p id="conflict-text" className="mt-0.5 text-ink-2">
          {theirs.at !== undefined && `${t('document.conflict-when', { time: moment(theirs.at, language) })} `}
          {count > 0 && `${t('document.conflict-nodes', { count })} `}
          {t('document.conflict-text')}
        </p>
        {inTheWay && (
          <p role="alert" className="mt-1.5 font-medium text-wait">
            {t('dock.refused-conflict')}
          </p>
        )}
        {choose.error && <ErrorState error={choose.error} className="mt-2 p-3" />}
        <div className="mt-3 flex gap-2">
          <Button ref={first} size="small" disabled={choose.isPending} onClick={() => choose.mutate('mine')}>
            {t('document.keep-mine')}
          </Button>
          <Button size="small" disabled={choose.isPending} onClick={() => choose.mutate('theirs')}>
            {t('document.take-theirs')}
          </Button>
        </div>
      </div>
    </div>
  )
}
