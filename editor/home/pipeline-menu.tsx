import { useQueryClient } from '@tanstack/react-query'
import { Copy, Download, Ellipsis, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { PipelineSummary } from '#server/api.ts'
import { keys } from '../api/keys.ts'
import { createPipeline, exportPipeline, useDeletePipeline } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu } from '../ui/menu.tsx'
import { saveFile } from '../ui/save-file.ts'
import { toast } from '../ui/toaster.tsx'

/** What can be done with a pipeline in the list, beside opening it. */
export const PipelineMenu = ({ pipeline: { id, name } }: { pipeline: PipelineSummary }) => {
  const t = useT()
  const client = useQueryClient()
  const [asked, setAsked] = useState(false)
  const remove = useDeletePipeline()
  const failed = () => toast(t('home.action-failed', { name }))

  const download = () => exportPipeline(id).then((blob) => saveFile(blob, `${name}.json`), failed)
  const duplicate = async () => {
    const document = JSON.parse(await (await exportPipeline(id)).text()) as PipelineDocument
    await createPipeline({ ...document, name: t('home.copy-of', { name }) }, id)
    await client.invalidateQueries({ queryKey: keys.pipelines })
  }
  return (
    <>
      <Menu
        align="end"
        entries={[
          { label: t('home.duplicate'), icon: <Copy aria-hidden />, onSelect: () => void duplicate().catch(failed) },
          { label: t('home.export'), icon: <Download aria-hidden />, onSelect: () => void download() },
          'line',
          { label: t('home.delete'), icon: <Trash2 aria-hidden />, danger: true, onSelect: () => setAsked(true) },
        ]}
      >
        <IconButton name={t('home.more-of', { name })} size="small" className="relative">
          <Ellipsis aria-hidden />
        </IconButton>
      </Menu>
      <Dialog
        open={asked}
        onOpenChange={setAsked}
        title={t('home.delete-question', { name })}
        text={t('home.delete-loses')}
        action={t('home.delete-pipeline')}
        danger
        busy={remove.isPending}
        onAction={() => remove.mutate(id, { onSuccess: () => setAsked(false) })}
      >
        {remove.error && <ErrorState error={remove.error} />}
      </Dialog>
    </>
  )
}
