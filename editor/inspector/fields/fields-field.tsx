import { GripVertical, Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Kind } from '#nodes/ports.ts'
import { kinds as allKinds } from '../../document/rules.ts'
import { useT } from '../../i18n/index.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { KindJack } from '../../ui/kind-jack.tsx'
import { Select } from '../../ui/select.tsx'
import type { FieldProps } from '../field-props.ts'
import { NameInput } from './name-input.tsx'
import { type Entries, freeName, moveBy, removeAt, renameAt, setAt } from './record-rows.ts'

const isKind = (value: unknown): value is Kind => allKinds.includes(value as Kind)

/** Named values with their kinds, in order; each is a port. Rows are dragged, or moved with Alt and the arrows. */
export const FieldsField = ({ spec, value, onChange, name }: FieldProps) => {
  const t = useT()
  const list = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState<number | undefined>()
  const entries: Entries<Kind> = Object.entries((value ?? {}) as Record<string, unknown>).map(([key, kind]) => [
    key,
    isKind(kind) ? kind : 'any',
  ])
  const send = (next: Entries<Kind>) => onChange(Object.fromEntries(next))
  const kinds = (spec.kinds ?? [...allKinds]).filter(isKind)
  const focusRow = (at: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLInputElement>('input')[at]?.focus())
  const add = () => {
    send([...entries, [freeName(entries, 'field'), kinds.includes('text') ? 'text' : (kinds[0] ?? 'any')]])
    requestAnimationFrame(() => {
      const inputs = list.current?.querySelectorAll<HTMLInputElement>('input')
      const last = inputs?.[inputs.length - 1]
      last?.focus()
      last?.select()
    })
  }
  return (
    <div ref={list} role="group" aria-label={name} className="flex flex-col gap-1.5">
      {entries.map(([key, kind], at) => (
        <div
          // A row has no identity but its place: its name changes while the focus is in it.
          key={String(at)}
          className={cn('flex items-center gap-1', dragged === at && 'opacity-50')}
          onDragOver={(event) => {
            if (dragged === undefined) return
            event.preventDefault()
            if (dragged === at) return
            send(moveBy(entries, dragged, at - dragged))
            setDragged(at)
          }}
        >
          <span
            aria-hidden
            draggable
            onDragStart={() => setDragged(at)}
            onDragEnd={() => setDragged(undefined)}
            className="grid h-[30px] w-3.5 shrink-0 cursor-grab place-items-center text-ink-3"
          >
            <GripVertical className="size-3.5" />
          </span>
          <NameInput
            entries={entries}
            at={at}
            label={t('inspector.field-name', { at: at + 1 })}
            onRename={(to) => send(renameAt(entries, at, to))}
            onMove={(step) => {
              send(moveBy(entries, at, step))
              focusRow(at + step)
            }}
            onNext={add}
          />
          <span className="relative w-[112px] shrink-0">
            <KindJack kind={kind} silent className="pointer-events-none absolute top-2 left-2 z-1 size-3.5" />
            <Select
              name={t('inspector.field-kind', { name: key })}
              value={kind}
              onChange={(next) => send(setAt(entries, at, next))}
              options={kinds.map((one) => ({ value: one, label: t(`ui.kind-${one}`) }))}
              className="pl-7"
            />
          </span>
          <IconButton
            name={t('inspector.remove', { name: key })}
            size="small"
            onClick={() => send(removeAt(entries, at))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button size="small" variant="ghost" className="self-start" onClick={add}>
        <Plus aria-hidden />
        {t('inspector.add-field')}
      </Button>
    </div>
  )
}
