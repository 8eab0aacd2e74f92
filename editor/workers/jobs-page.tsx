import { Square } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { JobInfo } from '#server/api.ts'
import { errorLine } from '../api/describe-error.ts'
import { goesOn, type JobState, useCancelJob, useJob, useJobs } from '../api/jobs.ts'
import { duration, moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { jobPath } from '../shell/addresses.ts'
import { GonePanel } from '../shell/gone-panel.tsx'
import { Room } from '../shell/room.tsx'
import { RoomList } from '../shell/room-list.tsx'
import { Button } from '../ui/button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Meter } from '../ui/meter.tsx'
import { RowLink, rowLook } from '../ui/row-link.tsx'
import { Select } from '../ui/select.tsx'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { Td, Th } from '../ui/table.tsx'
import { toast } from '../ui/toaster.tsx'
import { VirtualTable } from '../ui/virtual-table.tsx'
import { JobPanel } from './job-panel.tsx'
import { useRoomTabs } from './room-tabs.ts'
import { jobSign, jobStateKeys, jobWaitWords, kindWords } from './words.ts'

type Filter = 'all' | JobState
const filters = ['all', 'queued', 'leased', 'succeeded', 'failed', 'cancelled'] as const satisfies readonly Filter[]

const Progress = ({ job }: { job: JobInfo }) => {
  const t = useT()
  if (job.state === 'queued') return <span className="text-wait">{jobWaitWords(job, t)}</span>
  if (job.state !== 'leased') return <span className="text-ink-3">–</span>
  const { fraction = undefined } = job.progress ?? {}
  return (
    <span className="flex items-center gap-2">
      <Meter
        name={t('workers.progress')}
        {...(fraction !== undefined && { done: fraction })}
        segment={5}
        className="w-24"
      />
      <span className="num w-9 text-right text-small">
        {fraction !== undefined && `${Math.floor(fraction * 100)} %`}
      </span>
    </span>
  )
}

const Row = ({ job, at, open }: { job: JobInfo; at: number; open: boolean }) => {
  const t = useT()
  const { language } = useLanguage()
  const cancel = useCancelJob()
  const left = job.progress?.secondsLeft
  return (
    <tr aria-rowindex={at + 2} className={rowLook(open)}>
      <Td className="pl-[18px]">
        <span className="flex items-center gap-2">
          <StatusGlyph state={jobSign[job.state]} silent />
          <span className={job.state === 'failed' ? 'text-fail' : 'text-ink-2'}>{t(jobStateKeys[job.state])}</span>
        </span>
      </Td>
      <Td>
        <RowLink href={jobPath(job.id)} open={open}>
          {kindWords(job.kind, t)} <span className="num text-small text-ink-3">{job.id.slice(-8)}</span>
        </RowLink>
      </Td>
      <Td className="w-full">
        <Progress job={job} />
      </Td>
      <Td number className="text-ink-3">
        {job.state === 'leased' && left !== undefined ? duration(left * 1_000) : '–'}
      </Td>
      <Td className="max-w-32 truncate text-ink-2 max-wide:hidden">{job.worker?.name ?? '–'}</Td>
      <Td number className="text-ink-3 max-wide:hidden">
        {job.attempt}
      </Td>
      <Td className="text-ink-3 max-wide:hidden">
        <time dateTime={job.createdAt} title={moment(job.createdAt, language)}>
          {relativeTime(job.createdAt, language)}
        </time>
      </Td>
      <Td className="w-10 pr-3">
        {goesOn(job) && (
          <IconButton
            name={t('workers.cancel-job', { job: job.id.slice(-8) })}
            size="small"
            className="relative"
            disabled={cancel.isPending}
            onClick={() =>
              cancel.mutate(job.id, {
                onError: (error) => toast(t('workers.cancel-failed', { reason: errorLine(error, t) })),
              })
            }
          >
            <Square aria-hidden />
          </IconButton>
        )}
      </Td>
    </tr>
  )
}

/** What workers have been asked to do beyond answering: trainings. Newest first. */
const JobsPage = ({ id }: { id: string | undefined }) => {
  const t = useT()
  const [filter, setFilter] = useState<Filter>('all')
  const jobs = useJobs(filter === 'all' ? undefined : filter)
  const { more, items } = jobs
  const nearEnd = useCallback(() => more(), [more])
  const scroller = useRef<HTMLDivElement>(null)
  // A link may lead to a job that the pages read so far do not have.
  const linked = useJob(id)
  const chosen = (id === undefined ? items[0] : items.find((job) => job.id === id)) ?? linked.data
  return (
    <Room
      title={t('shell.jobs')}
      text={t('workers.jobs-line')}
      tabs={useRoomTabs('jobs')}
      actions={
        <Select
          name={t('workers.state')}
          value={filter}
          onChange={setFilter}
          options={filters.map((value) => ({ value, label: t(value === 'all' ? 'runs.all' : jobStateKeys[value]) }))}
          className="w-36"
        />
      }
      panel={
        chosen ? (
          <JobPanel key={chosen.id} job={chosen} />
        ) : (
          linked.error && <GonePanel name={t('workers.this-job')} room="/jobs" />
        )
      }
    >
      <RoomList
        scroller={scroller}
        isPending={jobs.isPending}
        error={jobs.error}
        onRetry={jobs.refetch}
        isEmpty={items.length === 0}
        isLoadingMore={jobs.isLoadingMore}
        empty={
          filter === 'all'
            ? {
                title: t('workers.no-jobs'),
                text: t('workers.no-jobs-line'),
                action: (
                  <Button variant="primary" asChild>
                    <Link href="/">{t('shell.to-pipelines')}</Link>
                  </Button>
                ),
              }
            : {
                title: t('workers.no-job-fits'),
                text: t('workers.no-job-fits-line'),
                action: <Button onClick={() => setFilter('all')}>{t('workers.all-jobs')}</Button>,
              }
        }
      >
        <VirtualTable
          name={t('shell.jobs')}
          items={items}
          scroller={scroller}
          onNearEnd={nearEnd}
          head={
            <>
              <Th className="pl-[18px]">{t('workers.state')}</Th>
              <Th>{t('workers.job')}</Th>
              <Th>{t('workers.progress')}</Th>
              <Th number>{t('workers.left')}</Th>
              <Th className="max-wide:hidden">{t('workers.worker')}</Th>
              <Th number className="max-wide:hidden">
                {t('workers.attempt')}
              </Th>
              <Th className="max-wide:hidden">{t('workers.made')}</Th>
              <Th>
                <span className="sr-only">{t('ui.more')}</span>
              </Th>
            </>
          }
          row={(job, at) => <Row key={job.id} job={job} at={at} open={job.id === chosen?.id} />}
        />
      </RoomList>
    </Room>
  )
}

export default JobsPage
