import { ChevronRight } from 'lucide-react'
import { type ReactNode, useLayoutEffect, useRef } from 'react'

/**
 * A part that is closed until asked for. `open` opens it, at first and whenever the reason for it comes; only the hand
 * closes it, since the focus may be inside when the reason goes.
 */
export const Fold = ({ title, open, children }: { title: ReactNode; open?: boolean; children: ReactNode }) => {
  const ref = useRef<HTMLDetailsElement>(null)
  useLayoutEffect(() => {
    if (open && ref.current) ref.current.open = true
  }, [open])
  return (
    <details ref={ref} className="group/fold">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 px-3.5 py-2.5 text-small font-semibold -outline-offset-2 [&::-webkit-details-marker]:hidden">
        {title}
        <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open/fold:rotate-90" />
      </summary>
      {children}
    </details>
  )
}
