import { useEffect } from 'react'
import { create } from 'zustand'
import type { MessageKey } from '../i18n/index.tsx'

export type Command = {
  id: string
  label: MessageKey
  /** As `Mod+S`; shown only: the page listens itself. */
  shortcut?: string
  run: () => void
}

type CommandState = { page: readonly Command[]; isOpen: boolean; open: (isOpen: boolean) => void }

/** What the page on screen can do, for ⌘K, and whether ⌘K is open. */
export const useCommandPalette = create<CommandState>((set) => ({
  page: [],
  isOpen: false,
  open: (isOpen) => set({ isOpen }),
}))

/**
 * Offers a page's actions in ⌘K while it is on screen. Pass a stable list (useMemo).
 * @example usePageCommands(useMemo(() => [{ id: 'run', label: 'canvas.run', run }], [run]))
 */
export const usePageCommands = (commands: readonly Command[]): void => {
  useEffect(() => {
    useCommandPalette.setState({ page: commands })
    return () => useCommandPalette.setState({ page: [] })
  }, [commands])
}
