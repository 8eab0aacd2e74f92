import { type KeyboardEvent, useEffect, useState } from 'react'
import { useT } from '../../i18n/index.tsx'
import { Input, isComposing } from '../../ui/input.tsx'
import { type Entries, nameProblem } from './record-rows.ts'

type NameInputProps = {
  entries: Entries<unknown>
  at: number
  label: string
  onRename: (name: string) => void
  onMove: (step: number) => void
  onNext: () => void
}

/** The name of a row. It is a port's name, so it changes when it is finished, not with every letter. */
export const NameInput = ({ entries, at, label, onRename, onMove, onNext }: NameInputProps) => {
  const t = useT()
  const name = entries[at]?.[0] ?? ''
  const [draft, setDraft] = useState(name)
  useEffect(() => setDraft(name), [name])
  const problem = draft === name ? undefined : nameProblem(entries, at, draft)
  const keep = () => {
    if (problem || draft === name) setDraft(name)
    else onRename(draft)
  }
  const onKey = (event: KeyboardEvent) => {
    if (isComposing(event)) return
    if (event.key === 'Enter') {
      event.preventDefault()
      keep()
      if (at === entries.length - 1) onNext()
    }
    if (event.key === 'Escape') setDraft(name)
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      onMove(event.key === 'ArrowUp' ? -1 : 1)
    }
  }
  return (
    <Input
      aria-label={label}
      aria-invalid={problem !== undefined || undefined}
      title={problem ? t(`inspector.name-${problem}`) : undefined}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={keep}
      onKeyDown={onKey}
      className="min-w-0 flex-1"
    />
  )
}
