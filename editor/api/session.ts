import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Session } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/** Who is here. Asked again every 15 s while the server does not answer, so that the banner goes by itself. */
export const useSession = () =>
  useQuery({
    queryKey: keys.session,
    queryFn: ({ signal }) => call<Session>('GET', '/api/session', { signal }),
    refetchInterval: ({ state }) => (state.error ? 3_000 : 60_000),
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
