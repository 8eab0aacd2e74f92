import { useRef } from 'react'
import type { WorkerInfo } from '#server/api.ts'
import { useQueue, useWorkers } from '../api/workers.ts'
import { bytes, moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { workerPath } from '../shell/addresses.ts'
import { GonePanel } from '../shell/gone-panel.tsx'
import { Room } from '../shell/room.tsx'
import { RoomList } from '../shell/room-list.tsx'
import { Chip } from '../ui/chip.tsx'
import { RowLink, rowLook } from '../ui/row-link.tsx'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { Td, Th } from '../ui/table.tsx'
import { VirtualTable } from '../ui/virtual-table.tsx'
import { AddWorker } from './add-worker.tsx'
import { Queue } from './queue.tsx'
import { useRoomTabs } from './room-tabs.ts'
import { workerSign, workerStateWords } from './words.ts'
import { WorkerPanel } from './worker-panel.tsx'

const Row = ({ worker, at, open }: { worker: WorkerInfo; at: number; open: boolean }) => {
  const t = useT()
  const { language } = useLanguage()
  const { beat } = worker
  const trouble = worker.state === 'lost' || worker.broken
  return (
    <tr aria-rowindex={at + 2} className={rowLook(open)}>
      <Td className="w-full max-w-0 truncate pl-[18px]">
        <span className="flex items-center gap-2">
          <StatusGlyph state={workerSign(worker)} silent />
          <span className="truncate">
            <RowLink href={workerPath(worker.id)} open={open}>
              {worker.name}
            </RowLink>
          </span>
          {worker.local && <Chip tone="line">{t('workers.this-machine')}</Chip>}
        </span>
      </Td>
      <Td className={trouble ? 'text-fail' : 'text-ink-2'}>{workerStateWords(worker, t, language)}</Td>
      <Td number>{beat ? `${beat.running}/${beat.capacity}` : '–'}</Td>
      <Td number>{beat?.waiting ?? '–'}</Td>
      <Td number className="max-wide:hidden">
        {beat ? beat.models.filter((model) => model.state === 'ready').length : '–'}
      </Td>
      <Td number className="text-ink-3 max-wide:hidden">
        {beat ? bytes(beat.freeMemory) : '–'}
      </Td>
      <Td className="pr-[18px] text-ink-3">
        {worker.seenAt ? (
          <time dateTime={worker.seenAt} title={moment(worker.seenAt, language)}>
            {relativeTime(worker.seenAt, language)}
          </time>
        ) : (
          t('workers.never')
        )}
      </Td>
    </tr>
  )
}

/** The machines that work: what each has and does, and what waits for them. */
const WorkersPage = ({ id }: { id: string | undefined }) => {
  const t = useT()
  const workers = useWorkers()
  const { data: queue = [] } = useQueue()
  const scroller = useRef<HTMLDivElement>(null)
  const items = workers.data ?? []
  const chosen = id === undefined ? items[0] : items.find((worker) => worker.id === id)
  return (
    <Room
      title={t('shell.workers')}
      text={t('workers.line')}
      tabs={useRoomTabs('workers')}
      actions={<AddWorker />}
      chosen={id === undefined ? undefined : chosen?.name}
      panel={
        chosen ? (
          <WorkerPanel key={chosen.id} worker={chosen} all={items} />
        ) : (
          id !== undefined && workers.data && <GonePanel name={t('workers.this-worker')} room="/workers" />
        )
      }
    >
      <RoomList
        scroller={scroller}
        isPending={workers.isPending}
        error={workers.error}
        onRetry={() => void workers.refetch()}
        isEmpty={items.length === 0}
        empty={{ title: t('workers.none'), text: t('workers.none-line') }}
      >
        <VirtualTable
          name={t('shell.workers')}
          items={items}
          scroller={scroller}
          head={
            <>
              <Th className="pl-[18px]">{t('workers.worker')}</Th>
              <Th>{t('workers.state')}</Th>
              <Th number>{t('workers.running')}</Th>
              <Th number>{t('workers.waiting')}</Th>
              <Th number className="max-wide:hidden">
                {t('workers.models-ready')}
              </Th>
              <Th number className="max-wide:hidden">
                {t('workers.free-memory')}
              </Th>
              <Th className="pr-[18px]">{t('workers.seen')}</Th>
            </>
          }
          row={(worker, at) => <Row key={worker.id} worker={worker} at={at} open={worker === chosen} />}
        />
      </RoomList>
      <Queue items={queue} />
    </Room>
  )
}

export default WorkersPage
