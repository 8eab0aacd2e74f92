import type { CatalogueEntry } from '#nodes/define.ts'
import type { ComputedPorts } from '#nodes/ports.ts'
import { mainKind } from '../canvas/main-kind.ts'
import { type MessageKey, useLocal, useT } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { Prose } from './prose.tsx'

const Ports = ({ title, ports }: { title: MessageKey; ports: ComputedPorts }) => {
  const t = useT()
  const fixed = Object.entries(ports.fixed)
  if (fixed.length + ports.rules.length === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small">
      <span className="w-14 shrink-0 text-ink-3">{t(title)}</span>
      {fixed.map(([name, { kind, optional, each }]) => (
        <span key={name} className="flex items-center gap-1.5">
          <KindJack kind={kind} open={optional ?? false} />
          {name}
          {each && <span className="text-ink-3">{t('help.items')}</span>}
          {optional && <span className="text-ink-3">{t('help.optional')}</span>}
        </span>
      ))}
      {ports.rules.length > 0 && <span className="text-ink-2">{t('help.by-setup')}</span>}
    </div>
  )
}

/** What a node type does, takes and gives, as its own file says it. */
export const NodeHelp = ({ entry }: { entry: CatalogueEntry }) => {
  const local = useLocal()
  return (
    <article className="flex gap-3.5 border-line border-b px-[18px] py-4 last:border-b-0">
      <NodeTile icon={entry.icon} kind={mainKind(undefined, entry)} size={28} />
      <div className="flex min-w-0 flex-col gap-2">
        <h3 className="flex items-baseline gap-2 font-semibold">
          {local(entry.title)} <span className="num text-[11px] font-normal text-ink-3">{entry.type}</span>
        </h3>
        <Prose text={local(entry.docs)} />
        <Ports title="help.takes" ports={entry.inputs} />
        <Ports title="help.gives" ports={entry.outputs} />
      </div>
    </article>
  )
}
