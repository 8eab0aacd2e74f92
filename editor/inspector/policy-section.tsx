import { type ReactNode, useRef } from 'react'
import type { PipelineNode, Policy } from '#runtime/pipeline/document.ts'
import { useDesk, useWiredNode } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Fold } from '../ui/fold.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { useSettledDraft } from './use-draft.ts'

const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="grid grid-cols-[minmax(0,1fr)_132px] items-center gap-2 text-small text-ink-2">
    <span>{label}</span>
    {children}
  </div>
)

const attempts = ['1', '2', '3', '4', '6', '10'] as const
const units: Record<string, string> = { 초: 's', 분: 'm', 시간: 'h', sec: 's', min: 'm' }
/** `30s`, `2m`, also typed as `30` (seconds), `2 min` or `2분`. */
const readDuration = (text: string): string | undefined => {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|sec|min|초|분|시간)?$/.exec(text.trim()) ?? []
  return amount === undefined || Number(amount) === 0 ? undefined : `${amount}${units[unit] ?? (unit || 's')}`
}
const readItems = (text: string): number | undefined => {
  const read = Number(text)
  return Number.isInteger(read) && read >= 1 && read <= 1_000 ? read : undefined
}

type TypedProps<Value> = {
  name: string
  value: Value | undefined
  read: (text: string) => Value | undefined
  onChange: (value: Value | undefined) => void
  inputMode?: 'numeric'
}

/** A value that is typed in words. What cannot be read is marked, and leaves things as they were before the hand came. */
const Typed = <Value extends string | number>({ name, value, read, onChange, inputMode }: TypedProps<Value>) => {
  const t = useT()
  const before = useRef(value)
  const isReadable = (text: string) => text.trim() === '' || read(text) !== undefined
  const draft = useSettledDraft(value === undefined ? '' : String(value), (text) =>
    onChange(isReadable(text) ? read(text) : before.current),
  )
  return (
    <Input
      aria-label={name}
      mono
      placeholder={t('inspector.by-type')}
      {...(inputMode && { inputMode })}
      {...(!isReadable(draft.typed.value) && { 'aria-invalid': true })}
      {...draft.typed}
      onFocus={() => {
        before.current = value
      }}
      onBlur={draft.settle}
    />
  )
}

/** What happens when a step fails or takes long. It stands around the config and holds for every type. */
export const PolicySection = ({ node }: { node: PipelineNode }) => {
  const t = useT()
  const desk = useDesk()
  const mapped = useWiredNode(node.id)?.mapped
  const policy = node.policy ?? {}
  const set = (patch: { [K in keyof Policy]?: Policy[K] | undefined }, merge: string) => {
    const next = Object.fromEntries(
      Object.entries({ ...policy, ...patch }).filter(([, value]) => value !== undefined),
    ) as Policy
    desk.patch(node.id, { policy: Object.keys(next).length > 0 ? next : undefined }, merge)
  }
  return (
    <Fold title={t('inspector.policy')} open={node.policy !== undefined}>
      <div className="flex flex-col gap-2 px-3.5 pt-0.5 pb-3">
        <Row label={t('inspector.retry')}>
          <Select
            name={t('inspector.retry')}
            value={policy.retry ? String(policy.retry.attempts) : 'default'}
            onChange={(next) =>
              set({ retry: next === 'default' ? undefined : { ...policy.retry, attempts: Number(next) } }, 'retry')
            }
            options={[
              { value: 'default', label: t('inspector.by-type') },
              ...attempts.map((count) => ({
                value: count as string,
                label: count === '1' ? t('inspector.never') : t('inspector.attempts', { count: Number(count) }),
              })),
            ]}
          />
        </Row>
        <Row label={t('inspector.timeout')}>
          <Typed
            name={t('inspector.timeout')}
            value={policy.timeout}
            read={readDuration}
            onChange={(timeout) => set({ timeout }, 'timeout')}
          />
        </Row>
        {(mapped || policy.onItemError) && (
          <Row label={t('inspector.item-error')}>
            <Select
              name={t('inspector.item-error')}
              value={policy.onItemError ?? 'fail'}
              onChange={(next) => set({ onItemError: next === 'fail' ? undefined : next }, 'item-error')}
              options={(['fail', 'skip', 'collect'] as const).map((value) => ({
                value,
                label: t(`inspector.item-${value}`),
              }))}
            />
          </Row>
        )}
        {(mapped || policy.concurrency !== undefined) && (
          <Row label={t('inspector.concurrency')}>
            <Typed
              name={t('inspector.concurrency')}
              value={policy.concurrency}
              read={readItems}
              onChange={(concurrency) => set({ concurrency }, 'concurrency')}
              inputMode="numeric"
            />
          </Row>
        )}
      </div>
    </Fold>
  )
}
