import type { ReactNode } from 'react'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Card } from './section.tsx'

type Query<Item> = { data: readonly Item[] | undefined; error: Error | null; refetch: () => unknown }
type ListingProps<Item> = {
  query: Query<Item>
  empty: { title: string; text: string }
  children: (items: readonly Item[]) => ReactNode
}

/** A list that may still load, fail, or be empty. */
export const Listing = <Item,>({ query: { data, error, refetch }, empty, children }: ListingProps<Item>) => {
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Card>
      {!data && (
        <div className="flex flex-col gap-4 p-5">
          <Skeleton className="w-1/3" />
          <Skeleton className="w-1/4" />
        </div>
      )}
      {data?.length === 0 && <EmptyState {...empty} className="py-10" />}
      {data && data.length > 0 && children(data)}
    </Card>
  )
}
