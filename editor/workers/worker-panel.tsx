import { useState } from 'react'
import { Link } from 'wouter'
import type { WorkerInfo } from '#server/api.ts'
import { useDrainWorker, useRemoveWorker } from '../api/workers.ts'
import { bytes, clock } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { jobPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Meter } from '../ui/meter.tsx'
import { Panel, PanelFact, PanelHead, PanelPart } from '../ui/panel.tsx'
import { type State, StatusGlyph } from '../ui/status-glyph.tsx'
import { capabilityWords, deviceWords, isAsleep, modelStateWords, workerSign, workerStateWords } from './words.ts'

type Beat = NonNullable<WorkerInfo['beat']>
type Offer = NonNullable<WorkerInfo['offer']>

const modelSign: Record<Beat['models'][number]['state'], State> = {
  unloaded: 'idle',
  loading: 'queued',
  ready: 'succeeded',
  restarting: 'queued',
  failed: 'failed',
}

const Devices = ({ devices }: { devices: Offer['devices'] }) => {
  const t = useT()
  return devices.map((device, at) => (
    // Devices have no identity but their place.
    <div key={String(at)} className="py-1.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate" title={deviceWords(device, t)}>
          {deviceWords(device, t)}
        </span>
        <span className="num shrink-0 text-small text-ink-3">
          {t('workers.free-of', { free: bytes(device.freeMemory), all: bytes(device.memory) })}
        </span>
      </div>
      <Meter
        quiet
        className="mt-1.5"
        name={t('workers.memory-used', { name: device.name })}
        done={device.memory === 0 ? 0 : 1 - device.freeMemory / device.memory}
      />
    </div>
  ))
}

const Models = ({ models }: { models: Beat['models'] }) => {
  const t = useT()
  return (
    <ul>
      {models.map((model) => (
        <li key={model.id} className="flex items-start gap-2 py-1.5">
          <StatusGlyph state={modelSign[model.state]} silent className="mt-0.5" />
          <div className="min-w-0 flex-1">
            <div className="num truncate text-small" title={model.id}>
              {model.id}
            </div>
            <div className={model.state === 'failed' ? 'text-small text-fail' : 'text-small text-ink-3'}>
              {modelStateWords(model.state, t)}
              {model.reason && ` · ${model.reason}`}
            </div>
          </div>
          <span className="num shrink-0 text-small text-ink-3">
            {t('workers.running-waiting', { running: model.running, waiting: model.waiting })}
          </span>
        </li>
      ))}
    </ul>
  )
}

const Actions = ({ worker, all }: { worker: WorkerInfo; all: readonly WorkerInfo[] }) => {
  const t = useT()
  const drain = useDrainWorker()
  const remove = useRemoveWorker()
  const [asks, setAsks] = useState<'drain' | 'remove'>()
  const { id, name, state, local } = worker
  const isLast = !all.some((other) => other.id !== id && other.state === 'ready')
  const change = (wanted: boolean) => drain.mutate({ id, drain: wanted }, { onSuccess: () => setAsks(undefined) })
  const ask = (what: 'drain' | 'remove' | undefined) => {
    drain.reset()
    remove.reset()
    setAsks(what)
  }
  return (
    <>
      {state === 'draining' ? (
        <Button size="small" disabled={drain.isPending} onClick={() => change(false)}>
          {t('workers.resume')}
        </Button>
      ) : (
        <Button size="small" disabled={drain.isPending} onClick={() => (isLast ? ask('drain') : change(true))}>
          {t('workers.drain')}
        </Button>
      )}
      {!local && (
        <Button size="small" variant="danger" onClick={() => ask('remove')}>
          {t('workers.remove')}
        </Button>
      )}
      {drain.error && !asks && <ErrorState error={drain.error} className="w-full" />}
      <Dialog
        open={asks === 'drain'}
        onOpenChange={() => ask(undefined)}
        title={t('workers.drain-question', { name })}
        text={t('workers.drain-loses')}
        action={t('workers.drain')}
        busy={drain.isPending}
        onAction={() => change(true)}
      >
        {drain.error && <ErrorState error={drain.error} />}
      </Dialog>
      <Dialog
        open={asks === 'remove'}
        onOpenChange={() => ask(undefined)}
        title={t('workers.remove-question', { name })}
        text={t('workers.remove-loses')}
        action={t('workers.remove')}
        danger
        busy={remove.isPending}
        onAction={() => remove.mutate(id, { onSuccess: () => ask(undefined) })}
      >
        {remove.error && <ErrorState error={remove.error} />}
      </Dialog>
    </>
  )
}

/** One worker: what it is, has and does. */
export const WorkerPanel = ({ worker, all }: { worker: WorkerInfo; all: readonly WorkerInfo[] }) => {
  const t = useT()
  const { language } = useLanguage()
  const { name, offer, beat, broken, state } = worker
  const devices = beat?.devices ?? offer?.devices ?? []
  return (
    <Panel name={t('workers.worker-named', { name })}>
      <PanelHead
        glyph={<StatusGlyph state={workerSign(worker)} silent />}
        title={name}
        line={workerStateWords(worker, t, language)}
      >
        <Actions worker={worker} all={all} />
      </PanelHead>
      {state === 'new' && (
        <p className="px-[18px] py-3.5 text-ink-2">
          {t(isAsleep(worker) ? 'workers.asleep-line' : 'workers.new-line')}
        </p>
      )}
      {state === 'lost' && <p className="px-[18px] py-3.5 text-ink-2">{t('workers.lost-line')}</p>}
      {broken && (
        <div className="m-3 rounded-[8px] bg-fail-soft px-3 py-2.5">
          <b className="font-semibold text-fail">
            {t('workers.broken-until', { time: clock(broken.until, language) })}
          </b>
          <p className="text-ink-2 [overflow-wrap:anywhere]">{broken.reason}</p>
        </div>
      )}
      {beat && (
        <PanelPart title={t('workers.work')}>
          <dl>
            <PanelFact name={t('workers.generations')}>
              {beat.running} / {beat.capacity}
            </PanelFact>
            <PanelFact name={t('workers.waiting')}>{beat.waiting}</PanelFact>
            <PanelFact name={t('workers.from-here')}>{worker.inFlight}</PanelFact>
            {beat.kvUse !== undefined && (
              <PanelFact name={t('workers.kv-use')}>{Math.round(beat.kvUse * 100)} %</PanelFact>
            )}
            {beat.jobs.map((job) => (
              <PanelFact key={job} name={t('workers.job')}>
                <Link href={jobPath(job)} className="underline underline-offset-2">
                  {job.slice(-8)}
                </Link>
              </PanelFact>
            ))}
          </dl>
        </PanelPart>
      )}
      {devices.length > 0 && (
        <PanelPart title={t('workers.devices')}>
          <Devices devices={devices} />
        </PanelPart>
      )}
      {beat && beat.models.length > 0 && (
        <PanelPart title={t('workers.models')} aside={t('workers.running-and-waiting')}>
          <Models models={beat.models} />
        </PanelPart>
      )}
      {offer && (
        <PanelPart title={t('workers.can')}>
          <div className="flex flex-wrap gap-1.5 pt-0.5">
            {offer.capabilities.map((capability) => (
              <Chip key={capability} tone="line">
                {capabilityWords(capability, t)}
              </Chip>
            ))}
          </div>
          <dl className="mt-2">
            <PanelFact name={t('workers.engines')}>
              {offer.engines.map((engine) => [engine.kind, engine.version].filter(Boolean).join(' ')).join(', ')}
            </PanelFact>
            <PanelFact name={t('workers.address')} words={offer.url === undefined}>
              {offer.url ?? t('workers.fetches')}
            </PanelFact>
            <PanelFact name={t('workers.version')}>{offer.version}</PanelFact>
          </dl>
        </PanelPart>
      )}
    </Panel>
  )
}
