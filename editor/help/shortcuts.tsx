import { type MessageKey, useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { Kbd } from '../ui/kbd.tsx'

const shortcuts: readonly (readonly [keys: readonly string[], what: MessageKey])[] = [
  [['?'], 'help.key-keys'],
  [['Mod+K'], 'help.key-find'],
  [['/'], 'help.key-add'],
  [['Mod+Enter'], 'help.key-run'],
  [['Mod+Z', 'Mod+Shift+Z'], 'help.key-undo'],
  [['←', '→', '↑', '↓'], 'help.key-walk'],
  [['Alt+←'], 'help.key-nudge'],
  [['C'], 'help.key-connect'],
  [['Enter'], 'help.key-setup'],
  [['F2'], 'help.key-rename'],
  [['D'], 'help.key-toggle'],
  [['Mod+D'], 'help.key-duplicate'],
  [['Delete'], 'help.key-delete'],
  [['N'], 'help.key-note'],
  [['O'], 'help.key-outline'],
  [['F'], 'help.key-fit'],
  [['Shift+T'], 'help.key-tidy'],
]

/** Every key of the canvas: a pipeline can be built without a mouse. */
export const Shortcuts = ({ className }: { className?: string }) => {
  const t = useT()
  return (
    <dl className={cn('grid grid-cols-2 gap-x-10', className)}>
      {shortcuts.map(([keys, what]) => (
        <div key={what} className="flex min-h-9 items-center justify-between gap-4 border-line border-b">
          <dt className="text-ink-2">{t(what)}</dt>
          <dd className="flex shrink-0 gap-1">
            {keys.map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
