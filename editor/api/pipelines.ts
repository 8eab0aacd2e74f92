import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Pipeline, PipelineSummary, Saved, Version } from '#server/api.ts'
import { call, send } from './client.ts'
import { keys } from './keys.ts'
import { usePages } from './pages.ts'

const path = (id: string) => `/api/pipelines/${encodeURIComponent(id)}`

export const usePipelines = () => usePages<PipelineSummary>({ key: keys.pipelines, path: '/api/pipelines' })

/** Every pipeline, for lists to choose from: page after page is read until there are no more. */
export const useAllPipelines = () => {
  const query = { limit: 200 }
  const pages = usePages<PipelineSummary>({ key: keys.allPipelines, path: '/api/pipelines', query })
  const { items, hasMore, more } = pages
  const read = items.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page that came; one that fails is not asked for again
  useEffect(() => {
    if (hasMore) more()
  }, [read, hasMore])
  return items
}

export const usePipeline = (id: string) =>
  useQuery({ queryKey: keys.pipeline(id), queryFn: ({ signal }) => call<Pipeline>('GET', path(id), { signal }) })

/** A published version with its document; it never changes. */
export const useVersion = (id: string, version: number | undefined) =>
  useQuery({
    enabled: version !== undefined,
    queryKey: keys.version(id, version ?? 0),
    queryFn: ({ signal }) =>
      call<Version & { document: PipelineDocument }>('GET', `${path(id)}/versions/${version}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** `from`: the pipeline that it is a copy of, whose files it gets. */
export const createPipeline = (document: PipelineDocument, from?: string) =>
  call<Saved>('POST', '/api/pipelines', { body: { document, from } })

/** Saves the draft if `revision` is still the newest; else ApiError `revision-conflict`. */
export const savePipeline = (id: string, revision: number, document: PipelineDocument, signal?: AbortSignal) =>
  call<Saved>('PUT', path(id), {
    body: { document },
    headers: { 'if-match': String(revision) },
    ...(signal && { signal }),
  })

/** Makes the draft the next version if it is still `revision`; else ApiError `revision-conflict`. */
export const publishPipeline = (id: string, revision: number) =>
  call<Version>('POST', `${path(id)}/publish`, { body: { revision } })
export const deletePipeline = (id: string) => call<void>('DELETE', path(id))

/** The document byte for byte as the server keeps it: what `import` accepts again. */
export const exportPipeline = async (id: string): Promise<Blob> => (await send('GET', `${path(id)}/export`)).blob()

export const useCreatePipeline = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (document: PipelineDocument) => createPipeline(document),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.pipelines }),
  })
}

export const useDeletePipeline = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: deletePipeline,
    onSuccess: (_, id) => {
      client.removeQueries({ queryKey: keys.pipeline(id) })
      return client.invalidateQueries({ queryKey: keys.pipelines })
    },
  })
}
