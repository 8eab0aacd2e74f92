import { useLocation } from 'wouter'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { useCreatePipeline } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'

/** Makes an empty pipeline, or one from a document, and opens it. */
export const useNewPipeline = () => {
  const t = useT()
  const [, go] = useLocation()
  const create = useCreatePipeline()
  const open = (document: PipelineDocument) => create.mutate(document, { onSuccess: ({ id }) => go(canvasPath(id)) })
  return {
    isPending: create.isPending,
    error: create.error,
    reset: create.reset,
    createEmpty: () => open({ format: 'patchbay/1', name: t('home.untitled'), nodes: [], edges: [] }),
    createFrom: open,
  }
}
