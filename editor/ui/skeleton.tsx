import { useEffect, useState } from 'react'
import { cn } from './cn.ts'

/** The layout's shape on a first load; appears only after 300 ms, so that quick loads don't flicker. */
export const Skeleton = ({ className }: { className?: string }) => {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return <div aria-hidden className={cn('h-4 rounded-[6px]', late && 'bg-hover', className)} />
}
