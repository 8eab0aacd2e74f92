import { useQuery } from '@tanstack/react-query'
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
