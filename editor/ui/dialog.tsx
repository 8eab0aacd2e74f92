import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useT } from '../i18n/index.tsx'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The question: "Delete this pipeline?" */
  title: ReactNode
  /** What is lost or spent. */
  text?: ReactNode
  children?: ReactNode
  /** The verb: "Delete pipeline". */
  action: ReactNode
  onAction: () => void
  danger?: boolean
  busy?: boolean
  disabled?: boolean
  /** False: there is nothing to cancel, only to acknowledge. */
  closable?: boolean
  /** What it shows is lost with it: neither Esc nor a press outside closes it. */
  keeps?: boolean
  /** For code: 600 wide. */
  wide?: boolean
}

/** 440 wide, for losing something, spending money, or a secret that is shown once. Esc cancels, unless it keeps. */
export const Dialog = (props: DialogProps) => {
  const t = useT()
  const {
    open,
    onOpenChange,
    title,
    text,
    children,
    action,
    onAction,
    danger,
    busy,
    disabled,
    closable = true,
    keeps = false,
    wide,
  } = props
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="veil fixed inset-0 z-40 bg-ground/70" />
        <Radix.Content
          {...(!text && { 'aria-describedby': undefined })}
          onEscapeKeyDown={(event) => (keeps || event.isComposing) && event.preventDefault()}
          onInteractOutside={(event) => keeps && event.preventDefault()}
          className={cn(
            'fixed inset-0 z-50 m-auto flex h-fit max-h-[calc(100vh-48px)] w-[440px] max-w-[calc(100vw-32px)] flex-col overflow-y-auto rounded-panel bg-panel p-6 shadow-lift-3 outline-none ring ring-line',
            wide && 'w-[600px]',
          )}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              if (!busy && !disabled) onAction()
            }}
          >
            <Radix.Title className="text-lead font-semibold">{title}</Radix.Title>
            {text && <Radix.Description className="mt-1.5 text-ink-2 ko:leading-[22px]">{text}</Radix.Description>}
            {children && <div className="mt-4 flex flex-col gap-4">{children}</div>}
            <div className="mt-6 flex justify-end gap-2">
              {closable && (
                <Radix.Close asChild>
                  <Button variant="ghost">{t('ui.cancel')}</Button>
                </Radix.Close>
              )}
              <Button type="submit" variant={danger ? 'danger' : 'primary'} disabled={busy || disabled}>
                {action}
              </Button>
            </div>
          </form>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
