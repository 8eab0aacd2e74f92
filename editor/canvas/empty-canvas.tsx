import { Plus } from 'lucide-react'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Kbd } from '../ui/kbd.tsx'

/** Says what will be here and offers the first step. */
export const EmptyCanvas = () => {
  const t = useT()
  const desk = useDesk()
  return (
    <div className="pointer-events-none absolute inset-0 z-[5] grid place-items-center pb-16">
      <EmptyState
        title={t('canvas.empty-title')}
        text={t('canvas.empty-text')}
        className="pointer-events-auto"
        action={
          <Button onClick={() => desk.view.set({ palette: {} })}>
            <Plus aria-hidden />
            {t('canvas.add-node')}
            <Kbd>/</Kbd>
          </Button>
        }
      />
    </div>
  )
}
