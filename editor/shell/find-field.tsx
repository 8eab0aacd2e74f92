import { Search } from 'lucide-react'
import { useT } from '../i18n/index.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useCommandPalette } from './commands.ts'

/** Looks like the search it opens: ⌘K, in the middle of the bar. */
export const FindField = () => {
  const t = useT()
  const open = useCommandPalette((state) => state.open)
  return (
    <button
      type="button"
      onClick={() => open(true)}
      className="absolute left-1/2 flex h-[30px] w-[380px] -translate-x-1/2 items-center gap-2 rounded-control bg-sunken px-[9px] text-ink-3 inset-ring inset-ring-edge transition-colors hover:text-ink-2 max-wide:static max-wide:ml-6 max-wide:w-60 max-wide:translate-x-0"
    >
      <Search aria-hidden className="size-4 text-ink-2" />
      <span className="flex-1 truncate text-left">{t('shell.find-anything')}</span>
      <Kbd>Mod+K</Kbd>
    </button>
  )
}
