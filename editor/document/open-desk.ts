import { useEffect, useState } from 'react'
import { check } from '#runtime/pipeline/check.ts'
import type { Pipeline } from '#server/api.ts'
import { useModels } from '../api/catalogue.ts'
import { useT } from '../i18n/index.tsx'
import { toast } from '../ui/toaster.tsx'
import { createDesk, type Desk } from './desk.ts'
import { browserKeep, holdTab } from './keep.ts'
import { isSameDocument } from './same-document.ts'
import { putDraft, readPipeline } from './save-draft.ts'
import { type CatalogueMap, catalogueList } from './wiring.ts'

/** Opens a pipeline as it is on the server, with the edits that this browser still keeps laid on top. */
const openDesk = async (pipeline: Pipeline, catalogue: CatalogueMap, signal: AbortSignal): Promise<Desk> => {
  const { id, document, revision } = pipeline
  const keep = browserKeep(id, await holdTab(id, signal))
  const kept = await keep.find()
  const list = catalogueList(catalogue)
  let localModels: readonly string[] | undefined
  let files = pipeline.files.map((file) => file.path)
  const desk: Desk = createDesk({
    id,
    catalogue,
    document,
    revision,
    check: (of) => check(of, list, { files, ...(localModels && { localModels }) }),
    put: putDraft(id, (findings) => desk.findings.told(findings)),
    keep,
    models: {
      set: (ids) => {
        localModels = ids
        desk.findings.look()
      },
    },
    files: {
      list: () => files,
      set: (paths) => {
        files = paths
        desk.findings.look()
      },
    },
  })
  desk.findings.told(pipeline.findings)
  if (!kept) return desk
  if (isSameDocument(kept.document, document)) keep.clear()
  else desk.autosave.restore(kept, pipeline.updatedAt)
  return desk
}

/** Takes files and newer edits that were saved elsewhere; edits only while this tab has none of its own. */
export const lookAgain = async (desk: Desk): Promise<void> => {
  const { status } = desk.autosave.state.getState()
  if (status === 'offline') return void desk.autosave.flush()
  if (status !== 'saved') return
  const known = desk.files.list()
  const { document, revision, files } = await readPipeline(desk.id)
  // The answer may be older than an upload of this tab that ended meanwhile.
  if (desk.files.list() === known) desk.files.set(files.map((file) => file.path))
  if (revision > desk.autosave.revision() && desk.autosave.state.getState().status === 'saved')
    desk.autosave.takeTheirs({ document, revision })
}

/** The desk of a pipeline while its page is open; undefined for the moment in which kept edits are looked for. */
export const useOpenDesk = (pipeline: Pipeline, catalogue: CatalogueMap): Desk | undefined => {
  const [desk, setDesk] = useState<Desk | undefined>()
  const [failed, setFailed] = useState<unknown>()
  const t = useT()
  if (failed !== undefined) throw failed
  const models = useModels().data
  useEffect(() => {
    if (models) desk?.models.set(models.map(({ id }) => id))
  }, [desk, models])
  // Answers that come later are judged by revision in `lookAgain`; only another pipeline means another desk.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const end = new AbortController()
    let opened: Desk | undefined
    openDesk(pipeline, catalogue, end.signal)
      .then((made) => {
        if (end.signal.aborted) return made.close()
        opened = made
        setDesk(made)
      })
      .catch(setFailed)
    const onLeave = () => opened?.autosave.leave()
    const onBack = () => {
      if (document.hidden || !opened) return
      void lookAgain(opened).catch(() => {})
    }
    const options = { signal: end.signal }
    addEventListener('pagehide', onLeave, options)
    document.addEventListener('visibilitychange', () => (document.hidden ? onLeave() : onBack()), options)
    addEventListener('focus', onBack, options)
    addEventListener('online', onBack, options)
    return () => {
      end.abort()
      if (opened?.uploads.isBusy()) toast(t('document.upload-stopped'))
      opened?.close()
    }
  }, [pipeline.id, catalogue])
  return desk
}
