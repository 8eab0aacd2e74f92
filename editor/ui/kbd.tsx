import { cn } from './cn.ts'

const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** `Mod+K` as this computer's keyboard prints it: ⌘K or Ctrl K. */
export const keyLabel = (shortcut: string): string =>
  apple
    ? shortcut.replace('Mod+', '⌘').replace('Shift+', '⇧').replace('Alt+', '⌥')
    : shortcut.replace('Mod+', 'Ctrl ').replace('Shift+', 'Shift ').replace('Alt+', 'Alt ')

/** A key or a shortcut, written as `Mod+K`. */
export const Kbd = ({ children, className }: { children: string; className?: string }) => (
  <kbd
    className={cn(
      'num inline-block min-w-[18px] whitespace-nowrap rounded-[4px] px-1 text-center text-[11px]/4 font-medium text-ink-3 inset-ring inset-ring-edge',
      className,
    )}
  >
    {keyLabel(children)}
  </kbd>
)
