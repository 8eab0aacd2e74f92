import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** What is chosen of a list, beside it. Never a modal. */
export const Panel = ({ name, children }: { name: string; children: ReactNode }) => (
  <aside aria-label={name} className="min-h-0 overflow-y-auto border-line border-l bg-panel text-[12.5px]">
    {children}
  </aside>
)

type PanelHeadProps = { title: ReactNode; line?: ReactNode; glyph?: ReactNode; children?: ReactNode }

/** Name and state of what is chosen; its actions below. */
export const PanelHead = ({ title, line, glyph, children }: PanelHeadProps) => (
  <div className="border-line border-b px-[18px] pt-4 pb-3.5">
    <div className="flex items-center gap-2.5">
      {glyph}
      <div className="min-w-0 flex-1">
        <h2 className="truncate text-[14px] font-semibold">{title}</h2>
        {line && <div className="truncate text-[11.5px]/4 text-ink-3">{line}</div>}
      </div>
    </div>
    {children && <div className="mt-3 flex flex-wrap gap-2">{children}</div>}
  </div>
)

export const PanelPart = ({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) => (
  <section className="border-line border-b px-[18px] py-3.5 last:border-b-0">
    <div className="mb-1.5 flex items-baseline justify-between gap-3">
      <h3 className="text-small font-semibold">{title}</h3>
      {aside && <span className="text-small text-ink-3">{aside}</span>}
    </div>
    {children}
  </section>
)

/** A name and its value on one line. `words`: the value is prose, not a figure. */
export const PanelFact = ({ name, words, children }: { name: ReactNode; words?: boolean; children: ReactNode }) => (
  <div className="flex min-h-7 items-center justify-between gap-4 py-0.5">
    <dt className="shrink-0 text-ink-2">{name}</dt>
    <dd className={cn('min-w-0 text-right text-small', words ? '' : 'num', '[overflow-wrap:anywhere]')}>{children}</dd>
  </div>
)
