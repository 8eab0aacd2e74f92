import type { ReactNode, Ref } from 'react'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Meter } from '../ui/meter.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

type RoomListProps = {
  scroller: Ref<HTMLDivElement>
  isPending: boolean
  error: Error | null
  onRetry: () => void
  isEmpty: boolean
  /** What will be here, and the next step. */
  empty: { title: string; text: string; action?: ReactNode }
  isLoadingMore?: boolean
  className?: string
  children: ReactNode
}

/** The card that a room's list scrolls in: it may still load, fail, or be empty. What was read stays when a later read fails. */
export const RoomList = (props: RoomListProps) => {
  const { scroller, isPending, error, onRetry, isEmpty, empty, isLoadingMore, className, children } = props
  const t = useT()
  return (
    <div
      ref={scroller}
      className={cn('relative min-h-0 overflow-auto rounded-panel bg-panel ring ring-line', className)}
    >
      {isPending && (
        <div className="flex flex-col gap-5 p-5">
          <Skeleton className="w-2/5" />
          <Skeleton className="w-1/2" />
          <Skeleton className="w-1/3" />
        </div>
      )}
      {error && isEmpty && <ErrorState error={error} onRetry={onRetry} className="m-4" />}
      {!isPending && !error && isEmpty && <EmptyState {...empty} />}
      {!isEmpty && children}
      {isLoadingMore && <Meter name={t('ui.loading')} className="m-3" />}
    </div>
  )
}
