import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './client.ts'
import { keys } from './keys.ts'

const isWorthRetrying = (error: Error) => error instanceof ApiError && (error.status === 0 || error.status === 503)

/** A lost session or server is noticed by any query and shown in one place: by the session's. */
export const createQueryClient = (): QueryClient => {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        const isLost = error instanceof ApiError && (error.status === 401 || error.status === 0)
        if (isLost && query.queryKey[0] !== keys.session[0]) void client.invalidateQueries({ queryKey: keys.session })
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
        // Loopback works without an internet connection; the browser's own flag knows nothing of it.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
  return client
}
