import { useLocation } from 'wouter'
import { useStore } from 'zustand'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { createPipeline } from '../api/pipelines.ts'
import type { Theirs } from '../document/autosave.ts'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toaster.tsx'

/** Two people saved: asks which edits go on here, and keeps the other ones as a pipeline of their own. */
export const Conflict = () => {
  const t = useT()
  const desk = useDesk()
  const [, go] = useLocation()
  const state = useStore(desk.autosave.state)
  if (state.status !== 'conflict') return null

  const keepAside = async (document: PipelineDocument) => {
    const name = t('document.copy-name', { name: document.name }).slice(0, 200)
    const { id } = await createPipeline({ ...document, name })
    toast(t('document.copied', { name }), {
      action: { label: t('document.open-copy'), onClick: () => go(canvasPath(id)) },
    })
  }
  const mine = async () => {
    await keepAside(state.theirs.document)
    desk.autosave.keepMine()
  }
  const theirs = async (of: Theirs) => {
    await keepAside(desk.store.getState().document)
    desk.autosave.takeTheirs(of)
  }
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
          {t('document.conflict-text')}
        </p>
        <div className="mt-3 flex gap-2">
          <Button size="small" onClick={() => void mine()}>
            {t('document.keep-mine')}
          </Button>
          <Button size="small" onClick={() => void theirs(state.theirs)}>
            {t('document.take-theirs')}
          </Button>
        </div>
      </div>
    </div>
  )
}
