import type { WaitingModel } from '#server/api.ts'
import { duration } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { Table, Td, Th } from '../ui/table.tsx'
import { waitWords } from './words.ts'

/** Requests that wait for a model: why, and how long the first has left. Nothing waits, nothing stands here. */
export const Queue = ({ items }: { items: readonly WaitingModel[] }) => {
  const t = useT()
  const waiting = items.filter((item) => item.waiting > 0)
  if (waiting.length === 0) return null
  return (
    <section className="flex max-h-[40%] min-h-0 shrink-0 flex-col gap-2">
      <h2 className="font-semibold">{t('workers.queue')}</h2>
      <div className="min-h-0 overflow-auto rounded-panel bg-panel inset-ring inset-ring-line">
        <Table aria-label={t('workers.queue')}>
          <thead>
            <tr>
              <Th className="pl-[18px]">{t('workers.model')}</Th>
              <Th>{t('workers.why')}</Th>
              <Th number>{t('workers.waiting')}</Th>
              <Th number>{t('workers.running')}</Th>
              <Th number className="pr-[18px]">
                {t('workers.next-in')}
              </Th>
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ model, waiting: count, running, reason, secondsLeft }) => (
              <tr key={model}>
                <Td className="num max-w-0 truncate pl-[18px] text-small">{model}</Td>
                <Td className={reason === 'no-worker' ? 'text-wait' : 'text-ink-2'}>{waitWords(reason, t)}</Td>
                <Td number>{count}</Td>
                <Td number>{running}</Td>
                <Td number className="pr-[18px] text-ink-3">
                  {secondsLeft === null ? '–' : duration(secondsLeft * 1_000)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  )
}
