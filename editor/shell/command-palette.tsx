import { lazy, Suspense, useEffect } from 'react'
import { useCommandPalette } from './commands.ts'

const Panel = lazy(() => import('./command-panel.tsx'))

/** Listens for ⌘K everywhere; the panel's code loads when it is first asked for. */
export const CommandPalette = () => {
  const { isOpen, open } = useCommandPalette()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      open(!useCommandPalette.getState().isOpen)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [open])
  return <Suspense>{isOpen && <Panel />}</Suspense>
}
