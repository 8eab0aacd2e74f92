import { Toaster as Sonner } from 'sonner'
import { useTheme } from '../look/theme.ts'

export { toast } from 'sonner'

/** One at a time, 5 s, bottom left: only for things done elsewhere or undoable. Errors stay where they happen. */
export const Toaster = () => {
  const theme = useTheme((state) => state.theme)
  return (
    <Sonner
      theme={theme}
      position="bottom-left"
      visibleToasts={1}
      duration={5_000}
      offset={{ left: 60, bottom: 120 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-(--width) items-center gap-3 rounded-node bg-ink px-3.5 py-2.5 text-body text-ground shadow-lift-3',
          title: 'font-medium',
          description: 'text-small opacity-80',
          actionButton: 'ml-auto rounded-[6px] px-2 py-0.5 font-semibold underline underline-offset-3',
        },
      }}
    />
  )
}
