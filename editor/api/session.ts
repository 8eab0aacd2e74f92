import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Session } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/**
 * Who is here, and whether the server answers. Asked again every 3 s while it does not, so that the banner goes by itself;
 * else every 20 s.
 */
export const useSession = () =>
  useQuery({
    queryKey: keys.session,
    queryFn: ({ signal }) => call<Session>('GET', '/api/session', { signal }),
    refetchInterval: ({ state }) => (state.error ? 3_000 : 20_000),
    // The banner should not wait for a second and a third try.
    retry: false,
  })

/** Signs in with the token of a link or with an admin API key. */
export const useSignIn = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (token: string) => call<void>('POST', '/api/session', { body: { token } }),
    onSuccess: () => client.invalidateQueries(),
  })
}

export const useSignOut = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => call<void>('DELETE', '/api/session'),
    onSuccess: () => client.invalidateQueries(),
  })
}
