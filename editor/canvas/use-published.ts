import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { call } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { usePipeline } from '../api/pipelines.ts'
import { isVersion, type Manifest } from '../document/changes-since.ts'
import { useDesk, useDocument } from '../document/desk.ts'

/** The last published version, and whether the draft is still just that; false while it is not known. */
export const usePublished = (version: number | null) => {
  const desk = useDesk()
  const draft = useDocument((document) => document)
  const held = usePipeline(desk.id).data?.files
  const before = useQuery({
    queryKey: [...keys.versions(desk.id), version],
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      call<{ document: PipelineDocument; files: Manifest }>(
        'GET',
        `/api/pipelines/${encodeURIComponent(desk.id)}/versions/${version}`,
        { signal },
      ),
  }).data
  const files = useMemo(() => held && Object.fromEntries(held.map(({ path, sha256 }) => [path, sha256])), [held])
  const isSame = useMemo(
    () => before !== undefined && files !== undefined && isVersion(before, draft, files),
    [before, files, draft],
  )
  return { before, isSame }
}
