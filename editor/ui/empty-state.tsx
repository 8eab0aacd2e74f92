import type { ReactNode } from 'react'
import { cn } from './cn.ts'

type EmptyStateProps = {
  /** What will be here. */
  title: ReactNode
  text?: ReactNode
  /** The one next step. */
  action?: ReactNode
  className?: string
}

export const EmptyState = ({ title, text, action, className }: EmptyStateProps) => (
  <div className={cn('flex flex-col items-center justify-center gap-1 px-6 py-12 text-center', className)}>
    <p className="font-semibold">{title}</p>
    {text && <p className="max-w-96 text-ink-2 ko:leading-[22px]">{text}</p>}
    {action && <div className="mt-4 flex gap-2">{action}</div>}
  </div>
)
