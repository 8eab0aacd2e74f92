import type { ReactNode } from 'react'

type SectionProps = { title: ReactNode; text: ReactNode; action?: ReactNode; children: ReactNode }

/** A part of the settings: what it is, the one thing to do, and what is there. */
export const Section = ({ title, text, action, children }: SectionProps) => (
  <section className="min-w-0">
    <div className="mb-5 flex items-start gap-6">
      <div className="min-w-0 flex-1">
        <h1 className="text-title font-bold tracking-[-.02em]">{title}</h1>
        <p className="mt-1 max-w-[560px] text-ink-2 ko:leading-[22px]">{text}</p>
      </div>
      {action}
    </div>
    {children}
  </section>
)

export const Card = ({ children }: { children: ReactNode }) => (
  <div className="overflow-x-auto rounded-panel bg-panel inset-ring inset-ring-line">{children}</div>
)
