import { Minus, MousePointer2, Network, Plus, StickyNote } from 'lucide-react'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { useSight, useZoom } from './flow-sight.tsx'
import { useAddNote } from './use-add-note.ts'
import { useTidy } from './use-tidy.ts'

const Zoom = () => {
  const t = useT()
  const sight = useSight()
  const zoom = useZoom()
  return (
    <>
      <IconButton name={t('canvas.zoom-out')} shortcut="Mod+-" side="top" onClick={sight.zoomOut}>
        <Minus aria-hidden />
      </IconButton>
      <button
        type="button"
        title={t('canvas.fit')}
        onClick={sight.fit}
        className="num w-11 rounded-control text-center text-small leading-7 hover:bg-hover"
      >
        {Math.round(zoom * 100)}%
      </button>
      <IconButton name={t('canvas.zoom-in')} shortcut="Mod++" side="top" onClick={sight.zoomIn}>
        <Plus aria-hidden />
      </IconButton>
    </>
  )
}

/** The one bar that floats on the canvas: select, add, note, tidy, zoom. */
export const ToolBar = ({ selecting, onSelecting }: { selecting: boolean; onSelecting: (on: boolean) => void }) => {
  const t = useT()
  const desk = useDesk()
  const addNote = useAddNote()
  const tidy = useTidy()
  return (
    <div role="toolbar" aria-label={t('canvas.tools')} className="float bottom-3 left-1/2 -translate-x-1/2">
      <IconButton
        name={t('canvas.select')}
        shortcut="V"
        side="top"
        on={selecting}
        onClick={() => onSelecting(!selecting)}
      >
        <MousePointer2 aria-hidden />
      </IconButton>
      <Button
        variant="ghost"
        size="small"
        className="text-ink"
        onClick={() => desk.view.set({ palette: desk.view.getState().palette ? undefined : {} })}
        // The palette closes on a press outside of it; this press is its own.
        onPointerDown={(event) => desk.view.getState().palette && event.preventDefault()}
      >
        <Plus aria-hidden />
        {t('canvas.add-node')}
        <Kbd>/</Kbd>
      </Button>
      <IconButton name={t('canvas.add-note')} shortcut="N" side="top" onClick={addNote}>
        <StickyNote aria-hidden />
      </IconButton>
      <IconButton name={t('canvas.tidy')} shortcut="Shift+T" side="top" onClick={() => void tidy()}>
        <Network aria-hidden className="-rotate-90" />
      </IconButton>
      <span aria-hidden className="mx-1 h-[18px] w-px bg-line" />
      <Zoom />
    </div>
  )
}
