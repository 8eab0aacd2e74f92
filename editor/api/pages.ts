import { useInfiniteQuery } from '@tanstack/react-query'
import type { Page } from '#server/api.ts'
import { call } from './client.ts'

type Paged<Item> = {
  key: readonly unknown[]
  path: string
  query?: Record<string, string | number | undefined>
  enabled?: boolean
  /** Asks again while this says so, in milliseconds. */
  refetchInterval?: (items: readonly Item[]) => number | false
}

/** A list of the API, page by page: `items` so far, and `more` to load the next. */
export const usePages = <Item>({ key, path, query, enabled = true, refetchInterval }: Paged<Item>) => {
  const result = useInfiniteQuery({
    queryKey: key,
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call<Page<Item>>('GET', path, { query: { limit: 50, ...query, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: ({ state }) => refetchInterval?.(state.data?.pages.flatMap((page) => page.items) ?? []) ?? false,
  })
  return {
    items: result.data?.pages.flatMap((page) => page.items) ?? [],
    isPending: result.isPending,
    error: result.error,
    refetch: () => void result.refetch(),
    hasMore: result.hasNextPage,
    isLoadingMore: result.isFetchingNextPage,
    more: () => void (result.hasNextPage && !result.isFetchingNextPage && result.fetchNextPage()),
  }
}
