import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Page } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

export type SecretName = { name: string; updatedAt: string }
export const keyScopes = ['serve', 'run', 'edit', 'admin'] as const
export type KeyScope = (typeof keyScopes)[number]
export type ApiKey = {
  id: string
  name: string
  scope: KeyScope
  /** Names that a `serve` key is limited to. */
  only: readonly string[] | null
  createdAt: string
  usedAt: string | null
}
/** The answer to making a key: the only time that `key` is seen. */
export type MadeKey = { id: string; name: string; scope: KeyScope; key: string }

const list = <Item>(path: string, queryKey: readonly unknown[]) => ({
  queryKey,
  queryFn: ({ signal }: { signal: AbortSignal }) => call<Page<Item>>('GET', path, { signal }),
  select: (page: Page<Item>) => page.items,
})

/** Calls `send`, then reads the list again. */
const useChange = <Input, Answer>(queryKey: readonly unknown[], send: (input: Input) => Promise<Answer>) => {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey }) })
}

const secretPath = (name: string) => `/api/secrets/${encodeURIComponent(name)}`
export const useSecrets = () => useQuery(list<SecretName>('/api/secrets', keys.secrets))
export const useSetSecret = () =>
  useChange(keys.secrets, ({ name, value }: { name: string; value: string }) =>
    call<void>('PUT', secretPath(name), { body: { value } }),
  )
export const useDeleteSecret = () => useChange(keys.secrets, (name: string) => call<void>('DELETE', secretPath(name)))

export const useApiKeys = () => useQuery(list<ApiKey>('/api/keys', keys.apiKeys))
export const useMakeKey = () =>
  useChange(keys.apiKeys, (body: { name: string; scope: KeyScope; only?: readonly string[] }) =>
    call<MadeKey>('POST', '/api/keys', { body }),
  )
export const useRevokeKey = () =>
  useChange(keys.apiKeys, (id: string) => call<void>('DELETE', `/api/keys/${encodeURIComponent(id)}`))
