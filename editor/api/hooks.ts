import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hook, Page } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

export type NewHook = Pick<Hook, 'name' | 'pipeline' | 'version' | 'mode' | 'auth'>
/** The answer to making a webhook: the only time that its secret is seen. */
export type MadeHook = Hook & { url: string; secret: string | null; warning?: string }

export const useHooks = () =>
  useQuery({
    queryKey: keys.hooks,
    queryFn: ({ signal }) => call<Page<Hook>>('GET', '/api/hooks', { signal }),
    select: (page) => page.items,
  })

export const useMakeHook = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewHook) => call<MadeHook>('POST', '/api/hooks', { body }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.hooks }),
  })
}

export const useDeleteHook = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call<void>('DELETE', `/api/hooks/${encodeURIComponent(name)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.hooks }),
  })
}
