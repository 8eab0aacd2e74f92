import { memo, useState } from 'react'
import { useDesk, useNode, useView } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { isComposing } from '../ui/input.tsx'
import { Resizer } from './flow.tsx'
import { noteField } from './note-field.ts'

const NoteInput = ({ id, field, text }: { id: string; field: string; text: string }) => {
  const t = useT()
  const desk = useDesk()
  const node = useNode(id)
  const [draft, setDraft] = useState(text)
  return (
    <textarea
      autoFocus
      className="nodrag nowheel"
      aria-label={t('canvas.note-text')}
      value={draft}
      onChange={(event) => {
        setDraft(event.target.value)
        if (node) desk.configure(id, { ...node.config, [field]: event.target.value }, field)
      }}
      onBlur={() => desk.view.set({ renaming: undefined })}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (!isComposing(event) && event.key === 'Escape') desk.view.set({ renaming: undefined })
      }}
    />
  )
}

/** Bare text with a bar at its left: part of the paper, not of the run. A double click writes. */
export const PaperNote = memo(({ id }: { id: string }) => {
  const t = useT()
  const desk = useDesk()
  const node = useNode(id)
  const selected = useView((view) => view.nodes.has(id))
  const writing = useView((view) => view.renaming === id)
  if (!node) return null
  const field = noteField(desk.catalogue.get(node.type))
  const text = String(node.config[field] ?? '')
  return (
    <div
      className={cn('paper-note', selected && 'selected')}
      data-node={id}
      onDoubleClick={() => desk.view.set({ renaming: id })}
    >
      {writing ? (
        <NoteInput id={id} field={field} text={text} />
      ) : (
        text || <span className="text-ink-3">{t('canvas.note-empty')}</span>
      )}
      {selected && (
        <Resizer corner min={[96, 24]} max={[640, 640]} onResize={(width, height) => desk.resize(id, width, height)} />
      )}
    </div>
  )
})
