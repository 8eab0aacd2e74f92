import { useLocation } from 'wouter'
import { useCreatePipeline } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'

/** Makes an empty pipeline and opens it. */
export const useNewPipeline = () => {
  const t = useT()
  const [, go] = useLocation()
  const create = useCreatePipeline()
  return {
    isPending: create.isPending,
    error: create.error,
    reset: create.reset,
    createEmpty: () =>
      create.mutate(
        { format: 'patchbay/1', name: t('home.untitled'), nodes: [], edges: [] },
        { onSuccess: ({ id }) => go(canvasPath(id)) },
      ),
  }
}
