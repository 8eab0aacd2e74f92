import { X } from 'lucide-react'
import { type RefObject, useEffect } from 'react'
import { useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import type { PortEnd, Refusal } from './judge-wire.ts'
import { placeBeside, placeForNew } from './places.ts'
import { useRefusalWords } from './refusal-words.ts'

export type RefusedEnds = { from: PortEnd; to: PortEnd; refusal: Refusal; at: Point; place: Point }

type RefusedDropProps = { ends: RefusedEnds; onClose: () => void; frame: RefObject<HTMLElement | null> }

/** Stays where a cable was refused: why, and the button that puts the missing node in between. */
export const RefusedDrop = ({ ends, onClose, frame }: RefusedDropProps) => {
  const t = useT()
  const desk = useDesk()
  const words = useRefusalWords()
  const { why, fix } = words(ends.refusal)
  const style = placeBeside(ends.to.node, ends.at, frame.current)
  const bridge = ends.refusal.code === 'kind' ? ends.refusal.bridge : undefined

  useEffect(() => {
    const timer = setTimeout(onClose, bridge ? 12_000 : 8_000)
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onClose()
    addEventListener('keydown', onKey)
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', onKey)
    }
  }, [onClose, bridge])

  return (
    <div
      role="alert"
      className="floating absolute z-20 flex w-[264px] items-start gap-2 rounded-node bg-panel p-2.5 text-small shadow-lift-3 ring ring-line"
      style={style}
    >
      <div className="min-w-0 flex-1">
        <p className="text-ink">{why}</p>
        {!bridge && fix && <p className="mt-0.5 text-ink-2">{fix}</p>}
        {bridge && fix && (
          <Button
            size="small"
            className="mt-2"
            onClick={() => {
              desk.bridge(ends.from, ends.to, bridge, placeForNew([ends.place[0] - 140, ends.place[1]]))
              onClose()
            }}
          >
            {fix}
          </Button>
        )}
      </div>
      <IconButton name={t('ui.close')} size="small" onClick={onClose}>
        <X aria-hidden />
      </IconButton>
    </div>
  )
}
