import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** A part that is closed until asked for; `open` is how it stands at first and when the reason for it changes. */
export const Fold = ({ title, open, children }: { title: ReactNode; open?: boolean; children: ReactNode }) => (
  <details className="group/fold" {...(open && { open: true })}>
    <summary className="flex cursor-pointer list-none items-center gap-1.5 px-3.5 py-2.5 text-small font-semibold -outline-offset-2 [&::-webkit-details-marker]:hidden">
      {title}
      <ChevronRight aria-hidden className="size-3.5 text-ink-3 transition-transform group-open/fold:rotate-90" />
    </summary>
    {children}
  </details>
)
