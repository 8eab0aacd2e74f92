import { lazy, Suspense } from 'react'
import { create } from 'zustand'

type ToastOptions = { action?: { label: string; onClick: () => void } }
export type Toast = { text: string } & ToastOptions

/** What is to be said and was not yet. */
export const useToasts = create<{ waiting: readonly Toast[] }>(() => ({ waiting: [] }))

/**
 * Says something that was done elsewhere or can be undone. Errors stay where they happen.
 * @example toast(t('canvas.node-deleted'), { action: { label: t('canvas.undo'), onClick: undo } })
 */
export const toast = (text: string, options: ToastOptions = {}): void =>
  useToasts.setState(({ waiting }) => ({ waiting: [...waiting, { text, ...options }] }))

const LateToaster = lazy(() => import('./late-toaster.tsx'))

/** The place of toasts. Its code loads with the first one. */
export const Toaster = () => {
  const isNeeded = useToasts(({ waiting }) => waiting.length > 0)
  const wasNeeded = useToasts.getState() !== useToasts.getInitialState()
  return <Suspense>{(isNeeded || wasNeeded) && <LateToaster />}</Suspense>
}
