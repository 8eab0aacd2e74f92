import { useCallback, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { useModels } from '../api/catalogue.ts'
import { useTunedModels } from '../api/tuned-models.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { modelPath } from '../shell/addresses.ts'
import { GonePanel } from '../shell/gone-panel.tsx'
import { Room } from '../shell/room.tsx'
import { RoomList } from '../shell/room-list.tsx'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { metricValue } from '../ui/metric-words.ts'
import { Panel, PanelHead, PanelPart } from '../ui/panel.tsx'
import { RowLink, rowLook } from '../ui/row-link.tsx'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { Td, Th } from '../ui/table.tsx'
import { VirtualTable } from '../ui/virtual-table.tsx'
import { lossOf, type ModelRow, modelRows, providerOf } from './list-models.ts'
import { TunedPanel } from './tuned-panel.tsx'

type RowProps = { row: ModelRow; at: number; open: boolean; hasTuned: boolean }

const Row = ({ row, at, open, hasTuned }: RowProps) => {
  const t = useT()
  const { language } = useLanguage()
  const tuned = row.form === 'tuned'
  const ready = tuned || row.info.ready
  const newest = tuned ? row.newest : undefined
  const loss = newest && lossOf(newest.metrics)
  return (
    <tr aria-rowindex={at + 2} className={rowLook(open)}>
      <Td className="pl-[18px]">
        <span className="flex items-center gap-2">
          <KindJack kind="model" silent />
          <RowLink href={modelPath(row.key)} open={open}>
            {tuned ? row.name : row.info.title}
          </RowLink>
        </span>
      </Td>
      <Td className="num w-1/2 max-w-0 truncate text-small text-ink-2">{tuned ? newest?.id : row.info.id}</Td>
      <Td>
        <Chip tone={tuned ? 'quiet' : 'line'}>{(!tuned && providerOf(row.info.id)) || t(`models.${row.form}`)}</Chip>
      </Td>
      <Td className={ready ? 'w-1/2 max-w-0 truncate text-ink-3' : 'w-1/2 max-w-0 truncate text-wait'}>
        {tuned
          ? t('models.from-base', { base: newest?.base ?? '–' })
          : row.info.ready
            ? t('models.ready')
            : row.form === 'hosted'
              ? t('models.needs-key')
              : (row.info.reason ?? t('models.not-ready'))}
      </Td>
      {hasTuned && (
        <>
          <Td number className="max-wide:hidden">
            {tuned && row.versions.length}
          </Td>
          <Td number className="max-wide:hidden">
            {loss !== undefined && metricValue(loss)}
          </Td>
          <Td className="pr-[18px] text-ink-3">
            {newest && (
              <time dateTime={newest.createdAt} title={moment(newest.createdAt, language)}>
                {relativeTime(newest.createdAt, language)}
              </time>
            )}
          </Td>
        </>
      )}
    </tr>
  )
}

/** A model that was not tuned here: whether it can be used, and what to do if not. */
const OtherPanel = ({ row }: { row: Extract<ModelRow, { form: 'local' | 'hosted' }> }) => {
  const t = useT()
  const { id, title, ready, reason } = row.info
  return (
    <Panel name={t('models.model-named', { name: title })}>
      <PanelHead
        glyph={<StatusGlyph state={ready ? 'succeeded' : 'waiting'} silent />}
        title={title}
        line={t(`models.${row.form}`)}
      >
        <CopyButton text={id} label={t('models.copy-id')} />
        {!ready && row.form === 'hosted' && (
          <Button size="small" asChild>
            <Link href="/settings/secrets">{t('models.add-key')}</Link>
          </Button>
        )}
      </PanelHead>
      <PanelPart title={t('models.id')}>
        <code className="num text-small [overflow-wrap:anywhere]">{id}</code>
        {!ready && (
          <p className="mt-2 text-wait">
            {row.form === 'hosted' ? t('models.needs-key-line') : (reason ?? t('models.not-ready'))}
          </p>
        )}
        <p className="mt-2 text-ink-2 ko:leading-[20px]">{t('models.use-line')}</p>
      </PanelPart>
    </Panel>
  )
}

/** Every model that nodes and deployments can name. */
const ModelsPage = ({ id }: { id: string | undefined }) => {
  const t = useT()
  const tuned = useTunedModels()
  const others = useModels()
  const { more, hasMore } = tuned
  const nearEnd = useCallback(() => more(), [more])
  const scroller = useRef<HTMLDivElement>(null)
  const rows = modelRows(tuned.items, hasMore ? [] : (others.data ?? []))
  const chosen = id === undefined ? rows[0] : rows.find((row) => row.key === id)
  const isRead = !tuned.isPending && !others.isPending && !hasMore && !tuned.error && !others.error
  useEffect(() => {
    if (id !== undefined && !chosen && hasMore) more()
  }, [id, chosen, hasMore, more])
  const hasTuned = rows.some((row) => row.form === 'tuned')
  return (
    <Room
      title={t('shell.models')}
      text={t('models.line')}
      chosen={chosen && id}
      panel={
        chosen ? (
          chosen.form === 'tuned' ? (
            <TunedPanel key={chosen.key} name={chosen.name} versions={chosen.versions} />
          ) : (
            <OtherPanel key={chosen.key} row={chosen} />
          )
        ) : (
          id !== undefined && isRead && <GonePanel name={id} room="/models" />
        )
      }
    >
      <RoomList
        scroller={scroller}
        isPending={tuned.isPending || others.isPending}
        error={tuned.error ?? others.error}
        onRetry={() => {
          tuned.refetch()
          void others.refetch()
        }}
        isEmpty={rows.length === 0}
        isLoadingMore={tuned.isLoadingMore}
        empty={{ title: t('models.none'), text: t('models.none-line') }}
      >
        <VirtualTable
          name={t('shell.models')}
          items={rows}
          scroller={scroller}
          onNearEnd={nearEnd}
          head={
            <>
              <Th className="pl-[18px]">{t('models.model')}</Th>
              <Th>{t('models.id')}</Th>
              <Th>{t('models.provider')}</Th>
              <Th>{t('models.state')}</Th>
              {hasTuned && (
                <>
                  <Th number className="max-wide:hidden">
                    {t('models.versions')}
                  </Th>
                  <Th number className="max-wide:hidden">
                    {t('ui.metric-loss')}
                  </Th>
                  <Th className="pr-[18px]">{t('models.changed')}</Th>
                </>
              )}
            </>
          }
          row={(row, at) => <Row key={row.key} row={row} at={at} open={row === chosen} hasTuned={hasTuned} />}
        />
      </RoomList>
      {tuned.items.length === 0 && !tuned.isPending && !tuned.error && (
        <p className="text-ink-2 ko:leading-[22px]">{t('models.no-tuned')}</p>
      )}
    </Room>
  )
}

export default ModelsPage
