import { lazy, Suspense, useEffect } from 'react'
import { useCommandPalette } from './commands.ts'

const load = () => import('./command-panel.tsx')
const Panel = lazy(load)

/** Listens for ⌘K everywhere; the panel's code loads when the page has come to rest, or is asked for. */
export const CommandPalette = () => {
  const { isOpen, open } = useCommandPalette()
  useEffect(() => {
    const idle = setTimeout(load, 2_000)
    return () => clearTimeout(idle)
  }, [])
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
