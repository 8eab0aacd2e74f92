import { lazy, Suspense, useEffect, useState } from 'react'

const Panel = lazy(() => import('./shortcut-dialog.tsx'))

/** Whether someone types there, or a dialog or menu has the keys. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null)

/** Listens for ? on every page. */
export const ShortcutHelp = () => {
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return <Suspense>{isOpen && <Panel onClose={() => setOpen(false)} />}</Suspense>
}
