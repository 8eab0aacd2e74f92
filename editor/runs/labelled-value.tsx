import type { ReactNode } from 'react'
import type { Kind } from '#nodes/ports.ts'
import { KindJack } from '../ui/kind-jack.tsx'
import { ValueView } from '../ui/value-view.tsx'

/** A port's value under the port's name and kind. */
export const LabelledValue = ({
  name,
  kind,
  aside,
  value,
}: {
  name: string
  kind: Kind
  aside?: ReactNode
  value: unknown
}) => (
  <section className="border-line border-b px-[18px] py-3.5 last:border-b-0">
    <h3 className="mb-2 flex items-center gap-2 text-small">
      <KindJack kind={kind} />
      <span className="font-semibold">{name}</span>
      <span className="num text-[11px] text-ink-3">{kind}</span>
      {aside && <span className="ml-auto truncate text-ink-3">{aside}</span>}
    </h3>
    <ValueView kind={kind} value={value} />
  </section>
)
