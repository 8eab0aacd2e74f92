import { kinds } from '../document/rules.ts'
import { useT } from '../i18n/index.tsx'
import { KindJack } from '../ui/kind-jack.tsx'

/** What flows through wires, each with its sign: patched and free. */
export const KindLegend = () => {
  const t = useT()
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-x-6 gap-y-2.5">
      {kinds.map((kind) => (
        <li key={kind} className="flex items-center gap-2">
          <KindJack kind={kind} silent />
          <KindJack kind={kind} open silent />
          <span className="num text-small">{kind}</span>
          <span className="text-small text-ink-3">{t(`ui.kind-${kind}`) === kind ? '' : t(`ui.kind-${kind}`)}</span>
        </li>
      ))}
    </ul>
  )
}
