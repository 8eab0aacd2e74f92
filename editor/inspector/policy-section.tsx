import type { ReactNode } from 'react'
import type { PipelineNode, Policy } from '#runtime/pipeline/document.ts'
import { useDesk, useWiredNode } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Fold } from '../ui/fold.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { useDraft } from './use-draft.ts'

const Row = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="grid grid-cols-[minmax(0,1fr)_132px] items-center gap-2 text-small text-ink-2">
    <span>{label}</span>
    {children}
  </div>
)

const attempts = ['1', '2', '3', '4', '6', '10'] as const
/** `30s`, `2m`, also typed as `30`: seconds. */
const readDuration = (text: string): string | undefined => {
  const typed = text.trim()
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(typed)) return typed
  return /^\d+(\.\d+)?$/.test(typed) && Number(typed) > 0 ? `${typed}s` : undefined
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
  const timeout = useDraft(policy.timeout ?? '', (text) => {
    const read = readDuration(text)
    if (text.trim() === '' || read) set({ timeout: read }, 'timeout')
  })
  const concurrency = useDraft(policy.concurrency === undefined ? '' : String(policy.concurrency), (text) => {
    const read = Number(text)
    if (text.trim() === '') set({ concurrency: undefined }, 'concurrency')
    else if (Number.isInteger(read) && read >= 1 && read <= 1_000) set({ concurrency: read }, 'concurrency')
  })
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
          <Input aria-label={t('inspector.timeout')} mono placeholder={t('inspector.by-type')} {...timeout} />
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
            <Input
              aria-label={t('inspector.concurrency')}
              mono
              inputMode="numeric"
              placeholder={t('inspector.by-type')}
              {...concurrency}
            />
          </Row>
        )}
      </div>
    </Fold>
  )
}
