import { useEffect, useState } from 'react'
import { Toaster as Sonner, toast as say } from 'sonner'
import { useTheme } from '../look/theme.ts'
import { useToasts } from './toaster.tsx'

const gap = 12

/** Above the minimap, wherever the dock below has pushed it; elsewhere just above the bottom. */
const floor = (): number => {
  const minimap = document.querySelector('.react-flow__minimap')?.getBoundingClientRect()
  return minimap && minimap.height > 0 ? innerHeight - minimap.top + gap : 2 * gap
}

/** One at a time, 5 s, bottom left above the minimap. */
const LateToaster = () => {
  const theme = useTheme((state) => state.theme)
  const waiting = useToasts((state) => state.waiting)
  const [bottom, setBottom] = useState(floor)
  useEffect(() => {
    if (waiting.length === 0) return
    setBottom(floor())
    for (const { text, action } of waiting) say(text, { ...(action && { action }) })
    useToasts.setState({ waiting: [] })
  }, [waiting])
  return (
    <Sonner
      theme={theme}
      position="bottom-left"
      visibleToasts={1}
      duration={5_000}
      offset={{ left: 60, bottom }}
      // Its own stylesheet sets a system font.
      style={{ fontFamily: 'var(--font)' }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-(--width) items-center gap-3 rounded-node bg-ink px-3.5 py-2.5 text-body text-ground shadow-lift-3',
          title: 'font-medium',
          actionButton: 'ml-auto shrink-0 rounded-[6px] px-2 py-0.5 font-semibold underline underline-offset-3',
        },
      }}
    />
  )
}

export default LateToaster
