import { useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect } from 'react'
import { Link } from 'wouter'
import type { RunRecord } from '#runtime/engine/run.ts'
import { compact, moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { StatusGlyph, stateKeys } from '../ui/status-glyph.tsx'
import { StickyHead, Table, Td, Th } from '../ui/table.tsx'
import { inputLine } from './input-line.ts'
import { RunTook } from './run-took.tsx'
import { triggerKeys } from './words.ts'

const rowHeight = 36

const Row = ({ run, at }: { run: RunRecord; at: number }) => {
  const t = useT()
  const { language } = useLanguage()
  const tokens = run.usage.inputTokens + run.usage.outputTokens
  return (
    <tr aria-rowindex={at + 2} className="relative transition-colors hover:bg-hover">
      <Td className="pl-[18px]">
        <span className="flex items-center gap-2">
          <StatusGlyph state={run.status} silent />
          <span className={run.status === 'failed' ? 'text-fail' : 'text-ink-2'}>{t(stateKeys[run.status])}</span>
        </span>
      </Td>
      <Td>
        <Link href={`/runs/${run.id}`} className="num font-medium outline-offset-4 after:absolute after:inset-0">
          #{run.number}
        </Link>
      </Td>
      <Td className="max-w-52 truncate font-medium max-wide:max-w-40">{run.name}</Td>
      <Td className="w-full max-w-0 truncate text-ink-2">{inputLine(run.input)}</Td>
      <Td className="text-ink-2">{run.version === null ? t('home.draft') : `v${run.version}`}</Td>
      <Td className="text-ink-3 max-wide:hidden">{t(triggerKeys[run.trigger])}</Td>
      <Td className="text-ink-3">
        <time dateTime={run.createdAt} title={moment(run.createdAt, language)}>
          {relativeTime(run.createdAt, language)}
        </time>
      </Td>
      <Td number className="text-ink-3">
        {tokens > 0 ? compact(tokens) : '–'}
      </Td>
      <Td number className="pr-[18px]">
        <RunTook startedAt={run.startedAt} endedAt={run.endedAt} />
      </Td>
    </tr>
  )
}

type RunTableProps = { runs: readonly RunRecord[]; scroller: RefObject<HTMLElement | null>; onNearEnd: () => void }

/** Draws only the rows in view: ten thousand runs scroll like ten. */
export const RunTable = ({ runs, scroller, onNearEnd }: RunTableProps) => {
  const t = useT()
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= runs.length - 10) onNearEnd()
  }, [last, runs.length, onNearEnd])
  const above = rows[0]?.start ?? 0
  const below = virtual.getTotalSize() - (rows.at(-1)?.end ?? 0)
  return (
    <Table aria-rowcount={runs.length + 1}>
      <StickyHead>
        <tr aria-rowindex={1}>
          <Th className="pl-[18px]">{t('runs.status')}</Th>
          <Th>{t('runs.number')}</Th>
          <Th>{t('runs.pipeline')}</Th>
          <Th>{t('runs.input')}</Th>
          <Th>{t('runs.version')}</Th>
          <Th className="max-wide:hidden">{t('runs.started-by')}</Th>
          <Th>{t('runs.started')}</Th>
          <Th number>{t('runs.tokens')}</Th>
          <Th number className="pr-[18px]">
            {t('runs.took')}
          </Th>
        </tr>
      </StickyHead>
      <tbody>
        {above > 0 && <tr aria-hidden style={{ height: above }} />}
        {rows.map(({ index }) => {
          const run = runs[index]
          return run && <Row key={run.id} run={run} at={index} />
        })}
        {below > 0 && <tr aria-hidden style={{ height: below }} />}
      </tbody>
    </Table>
  )
}
