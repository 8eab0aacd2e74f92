import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { useT } from '../../i18n/index.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'
import { NameInput } from './name-input.tsx'
import { type Entries, freeName, moveBy, removeAt, renameAt, setAt } from './record-rows.ts'

/** A condition as it stands in a document: `at` and one or several tests. */
type Case = Record<string, unknown>
const tests = ['equals', 'contains', 'matches', 'above', 'below'] as const
type Test = (typeof tests)[number]
const isNumeric = (test: Test) => test === 'above' || test === 'below'
const testOf = (of: Case): Test => tests.find((test) => of[test] !== undefined) ?? 'equals'

/** `equals` takes any JSON value: 3 is the number, "3" in quotes and all else is text. */
const readEquals = (text: string): unknown => {
  if (!/^(-?\d+(\.\d+)?|true|false|null|".*"|\{.*\}|\[.*\])$/s.test(text.trim())) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
const write = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)

const Condition = ({ of, name, onChange }: { of: Case; name: string; onChange: (next: Case) => void }) => {
  const t = useT()
  const test = testOf(of)
  const set = (next: Test, value: unknown) => {
    const rest = Object.fromEntries(Object.entries(of).filter(([key]) => key !== test))
    onChange({ ...rest, [next]: value })
  }
  const value = useDraft(write(of[test]), (text) => {
    if (!isNumeric(test)) return set(test, test === 'equals' ? readEquals(text) : text)
    const number = Number(text.trim().replace(',', '.'))
    if (text.trim() !== '' && Number.isFinite(number)) set(test, number)
  })
  const path = useDraft(write(of.at), (text) => {
    const { at: _, ...rest } = of
    onChange(text.trim() === '' ? rest : { at: text.trim(), ...rest })
  })
  return (
    <div className="grid grid-cols-[96px_minmax(0,1fr)] gap-1.5">
      <Select
        name={t('inspector.case-test', { name })}
        value={test}
        onChange={(next) => set(next, isNumeric(next) ? Number(of[test]) || 0 : write(of[test]))}
        options={tests.map((one) => ({ value: one, label: t(`inspector.test-${one}`) }))}
      />
      <Input aria-label={t('inspector.case-value', { name })} mono={test === 'matches' || isNumeric(test)} {...value} />
      <span className="self-center text-small text-ink-3">{t('inspector.case-at')}</span>
      <Input aria-label={t('inspector.case-path', { name })} mono placeholder={t('inspector.case-whole')} {...path} />
    </div>
  )
}

/** Named conditions, tried from top to bottom; each is an output. */
export const CasesField = ({ value, onChange, name }: FieldProps) => {
  const t = useT()
  const entries: Entries<Case> = Object.entries((value ?? {}) as Record<string, Case>)
  const send = (next: Entries<Case>) => onChange(Object.fromEntries(next))
  const list = useRef<HTMLDivElement>(null)
  /** The focus goes along, from a control to the same one of the row's new place. */
  const move = (at: number, step: number) => {
    const controlsOf = (row: number) => [...(list.current?.children[row]?.querySelectorAll('input, button') ?? [])]
    const held = controlsOf(at).findIndex((control) => control === document.activeElement)
    send(moveBy(entries, at, step))
    requestAnimationFrame(() => (controlsOf(at + step)[held] as HTMLElement | undefined)?.focus())
  }
  const add = () => send([...entries, [freeName(entries, 'case'), { equals: '' }]])
  return (
    <div ref={list} role="group" aria-label={name} className="flex flex-col gap-2">
      {entries.map(([key, of], at) => (
        // A row has no identity but its place: its name changes while the focus is in it.
        <div key={String(at)} className="flex flex-col gap-1.5 rounded-[8px] bg-sunken p-2">
          <div className="flex items-center gap-0.5">
            <NameInput
              entries={entries}
              at={at}
              label={t('inspector.case-name', { at: at + 1 })}
              onRename={(to) => send(renameAt(entries, at, to))}
              onMove={(step) => move(at, step)}
              onNext={add}
            />
            <IconButton
              name={t('inspector.up', { name: key })}
              size="small"
              disabled={at === 0}
              onClick={() => move(at, -1)}
            >
              <ArrowUp aria-hidden />
            </IconButton>
            <IconButton
              name={t('inspector.down', { name: key })}
              size="small"
              disabled={at === entries.length - 1}
              onClick={() => move(at, 1)}
            >
              <ArrowDown aria-hidden />
            </IconButton>
            <IconButton
              name={t('inspector.remove', { name: key })}
              size="small"
              onClick={() => send(removeAt(entries, at))}
            >
              <X aria-hidden />
            </IconButton>
          </div>
          <Condition of={of} name={key} onChange={(next) => send(setAt(entries, at, next))} />
        </div>
      ))}
      <Button size="small" variant="ghost" className="self-start" onClick={add}>
        <Plus aria-hidden />
        {t('inspector.add-case')}
      </Button>
    </div>
  )
}
