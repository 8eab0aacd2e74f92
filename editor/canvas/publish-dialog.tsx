import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useStore } from 'zustand'
import { ApiError } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { publishPipeline } from '../api/pipelines.ts'
import { useDesk, useDocument } from '../document/desk.ts'
import { lookAgain } from '../document/open-desk.ts'
import { sendAll, UnsentError } from '../document/send-all.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { toast } from '../ui/toaster.tsx'
import { usePublished } from './use-published.ts'
import { VersionChanges } from './version-changes.tsx'

type PublishDialogProps = {
  version: number | null
  onClose: () => void
  onPublished: (version: number) => void
  onProblems: () => void
}

/** Shows what changed since the last version and makes the draft the next one. */
export const PublishDialog = ({ version, onClose, onPublished, onProblems }: PublishDialogProps) => {
  const t = useT()
  const desk = useDesk()
  const client = useQueryClient()
  const draft = useDocument((document) => document)
  const errors = useStore(
    desk.findings.state,
    (state) => state.findings.filter((finding) => finding.level === 'error').length,
  )
  const { before, isSame } = usePublished(version)
  const publish = useMutation({
    mutationFn: async () => {
      const unsent = await sendAll(desk.autosave)
      if (unsent !== undefined) throw new UnsentError(unsent)
      try {
        return await publishPipeline(desk.id, desk.autosave.revision())
      } catch (failed) {
        if (!(failed instanceof ApiError) || failed.code !== 'revision-conflict') throw failed
        await lookAgain(desk).catch(() => {})
        throw new UnsentError('changed')
      }
    },
    onSuccess: (made) => {
      onPublished(made.version)
      toast(t('document.published', { version: made.version }))
      void client.invalidateQueries({ queryKey: keys.pipelines })
      void client.invalidateQueries({ queryKey: keys.versions(desk.id) })
      onClose()
    },
  })
  const next = (version ?? 0) + 1
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('document.publish-title', { version: next })}
      text={t('document.publish-text')}
      action={t('document.publish-version', { version: next })}
      onAction={() => publish.mutate()}
      busy={publish.isPending}
      disabled={errors > 0 || isSame}
    >
      {errors > 0 && (
        <div role="alert" className="flex items-center justify-between gap-3 rounded-[6px] bg-fail-soft p-3">
          <span>{t('document.publish-problems', { count: errors })}</span>
          <Button
            size="small"
            onClick={() => {
              onClose()
              onProblems()
            }}
          >
            {t('document.show-problems')}
          </Button>
        </div>
      )}
      {version === null ? (
        <p className="text-ink-2">
          {t('document.first-version', { nodes: draft.nodes.length, edges: draft.edges.length })}
        </p>
      ) : (
        before && <VersionChanges before={before.document} after={draft} version={version} />
      )}
      {publish.error instanceof UnsentError ? (
        <p role="alert" data-publish-refused={publish.error.why} className="rounded-[6px] bg-fail-soft p-3">
          {t(`document.unsent-${publish.error.why}`)}
        </p>
      ) : (
        publish.error && <ErrorState error={publish.error} />
      )}
    </Dialog>
  )
}
