import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Example, Page, Saved } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/** The pipelines that ship with Patchbay. */
export const useExamples = () =>
  useQuery({
    queryKey: keys.examples,
    queryFn: ({ signal }) => call<Page<Example>>('GET', '/api/examples', { query: { limit: 200 }, signal }),
    select: (page) => page.items,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Puts a copy of an example, files included, among the pipelines. */
export const useCopyExample = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call<Saved>('POST', `/api/examples/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.pipelines }),
  })
}
