import { Link } from 'wouter'
import type { JobInfo } from '#server/api.ts'
import { goesOn, useCancelJob } from '../api/jobs.ts'
import { duration, moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { useRunErrorWords } from '../problems/run-error-words.ts'
import { RunTook } from '../runs/run-took.tsx'
import { runPath, workerPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Meter } from '../ui/meter.tsx'
import { metricName, metricValue, noteWords } from '../ui/metric-words.ts'
import { Panel, PanelFact, PanelHead, PanelPart } from '../ui/panel.tsx'
import { StatusGlyph } from '../ui/status-glyph.tsx'
import { valueText } from '../ui/value-view.tsx'
import { JobLog } from './job-log.tsx'
import { jobSign, jobStateKeys, jobWaitWords, kindWords } from './words.ts'

const Progress = ({ job: { progress } }: { job: JobInfo }) => {
  const t = useT()
  if (!progress) return null
  const { fraction, note, metrics = {}, secondsLeft } = progress
  const { step, steps, ...measured } = metrics
  const others = Object.entries(measured)
  const said =
    step !== undefined && steps !== undefined ? `${step}/${steps}` : note === undefined ? note : noteWords(note, t)
  return (
    <PanelPart
      title={t('workers.progress')}
      aside={secondsLeft !== undefined && t('ui.time-left', { time: duration(secondsLeft * 1_000) })}
    >
      <Meter name={t('workers.progress')} done={fraction} className="mt-1" />
      <p className="num mt-2 text-small text-ink-2">
        {Math.floor(fraction * 100)} %{said !== undefined && ` · ${said}`}
      </p>
      <dl className="mt-1">
        {others.map(([name, value]) => (
          <PanelFact key={name} name={metricName(name, t)}>
            {metricValue(value)}
          </PanelFact>
        ))}
      </dl>
    </PanelPart>
  )
}

/** Where it waits, why it failed, how far it is, what it reported. */
export const JobPanel = ({ job }: { job: JobInfo }) => {
  const t = useT()
  const { language } = useLanguage()
  const cancel = useCancelJob()
  const errorWords = useRunErrorWords()
  const { state, error, summary } = job
  const failed = error && errorWords(error)
  const name = `${kindWords(job.kind, t)} ${job.id.slice(-8)}`
  return (
    <Panel name={t('workers.job-named', { name })}>
      <PanelHead
        glyph={<StatusGlyph state={jobSign[state]} silent />}
        title={name}
        line={(state === 'queued' && jobWaitWords(job, t)) || t(jobStateKeys[state])}
      >
        {goesOn(job) && (
          <Button size="small" disabled={cancel.isPending} onClick={() => cancel.mutate(job.id)}>
            {t('workers.cancel')}
          </Button>
        )}
        {job.run && (
          <Button size="small" asChild>
            <Link href={runPath(job.run)}>{t('workers.to-run')}</Link>
          </Button>
        )}
        {state === 'queued' && job.waits === 'no-capable-worker' && (
          <Button size="small" asChild>
            <Link href="/workers">{t('workers.to-workers')}</Link>
          </Button>
        )}
        {cancel.error && <ErrorState error={cancel.error} className="w-full" />}
      </PanelHead>
      {failed && (
        <div role="alert" className="m-3 rounded-[8px] bg-fail-soft px-3 py-2.5">
          <b className="font-semibold text-fail">{failed.what}</b>
          <p className="text-ink-2 [overflow-wrap:anywhere]">{failed.why}</p>
        </div>
      )}
      {goesOn(job) && <Progress job={job} />}
      <PanelPart title={t('runs.facts')}>
        <dl>
          <PanelFact name={t('workers.worker')} words>
            {job.worker ? (
              <Link href={workerPath(job.worker.id)} className="underline underline-offset-2">
                {job.worker.name}
              </Link>
            ) : (
              '–'
            )}
          </PanelFact>
          <PanelFact name={t('workers.attempt')}>{job.attempt}</PanelFact>
          {job.node && <PanelFact name={t('runs.node')}>{job.node}</PanelFact>}
          <PanelFact name={t('workers.made')}>{moment(job.createdAt, language)}</PanelFact>
          <PanelFact name={t('runs.took')}>
            <RunTook startedAt={job.startedAt} endedAt={job.endedAt} />
          </PanelFact>
        </dl>
      </PanelPart>
      {summary && (
        <PanelPart title={t('runs.result')}>
          <dl>
            {Object.entries(summary).map(([key, value]) => (
              <PanelFact key={key} name={metricName(key, t)}>
                {typeof value === 'number' ? metricValue(value) : valueText(value)}
              </PanelFact>
            ))}
          </dl>
        </PanelPart>
      )}
      <JobLog job={job.id} live={goesOn(job)} />
    </Panel>
  )
}
