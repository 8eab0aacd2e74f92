import { Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Link } from 'wouter'
import { useDeleteTunedModel } from '../api/tuned-models.ts'
import { bytes, moment } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { jobPath, runPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { metricName, metricValue } from '../ui/metric-words.ts'
import { Panel, PanelFact, PanelHead, PanelPart } from '../ui/panel.tsx'
import { valueText } from '../ui/value-view.tsx'
import { figuresOf, type TunedVersion } from './list-models.ts'

const From = ({ name, children }: { name: string; children: ReactNode }) => (
  <li className="relative flex items-baseline gap-3 py-1 pl-4 before:absolute before:top-[11px] before:left-0 before:size-1.5 before:rounded-full before:bg-ink-3 not-last:after:absolute not-last:after:top-[19px] not-last:after:bottom-[-9px] not-last:after:left-[2.5px] not-last:after:w-px not-last:after:bg-edge">
    <span className="w-16 shrink-0 text-ink-2">{name}</span>
    <span className="num min-w-0 truncate text-small">{children}</span>
  </li>
)

const linkLook = 'underline underline-offset-2'

/** Base, data, job and run that a version came from. */
const Lineage = ({ version }: { version: TunedVersion }) => {
  const t = useT()
  return (
    <ol>
      <From name={t('models.base')}>{version.base}</From>
      <From name={t('models.data')}>
        <span title={version.dataDigest}>{version.dataDigest.slice(0, 12)}…</span>
      </From>
      <From name={t('models.job')}>
        <Link href={jobPath(version.job)} className={linkLook}>
          {version.job.slice(-8)}
        </Link>
      </From>
      {version.run && (
        <From name={t('models.run')}>
          <Link href={runPath(version.run)} className={linkLook}>
            {version.run.slice(-8)}
          </Link>
        </From>
      )}
    </ol>
  )
}

const Version = ({ version, open }: { version: TunedVersion; open: boolean }) => {
  const t = useT()
  const { language } = useLanguage()
  const size = Object.values(version.files).reduce((sum, file) => sum + file.bytes, 0)
  const figures = figuresOf(version.metrics)
  return (
    <details className="group/version border-line border-b last:border-b-0" {...(open && { open: true })}>
      <summary className="flex cursor-pointer list-none items-center gap-2 px-[18px] py-2.5 -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <span className="num min-w-0 flex-1 truncate font-medium">{version.id}</span>
        <Chip tone="line">{t(version.form === 'adapter' ? 'models.adapter' : 'models.whole')}</Chip>
        <span className="num shrink-0 text-small text-ink-3">{bytes(size)}</span>
      </summary>
      <div className="flex flex-col gap-3 px-[18px] pb-4">
        <div className="flex flex-wrap gap-2">
          <CopyButton text={version.id} label={t('models.copy-id')} />
        </div>
        <section>
          <h3 className="mb-0.5 text-small font-semibold">{t('models.made-from')}</h3>
          <Lineage version={version} />
        </section>
        <section>
          <h3 className="mb-0.5 text-small font-semibold">{t('models.metrics')}</h3>
          <dl>
            {figures.map(([name, value]) => (
              <PanelFact key={name} name={metricName(name, t)}>
                {metricValue(value)}
              </PanelFact>
            ))}
            <PanelFact name={t('workers.made')}>{moment(version.createdAt, language)}</PanelFact>
          </dl>
        </section>
        <details>
          <summary className="w-fit cursor-pointer text-small font-semibold">{t('runs.settings')}</summary>
          <dl className="mt-1">
            {Object.entries(version.settings).map(([name, value]) => (
              <PanelFact key={name} name={<span className="num text-[11px]">{name}</span>}>
                {valueText(value)}
              </PanelFact>
            ))}
          </dl>
        </details>
      </div>
    </details>
  )
}

/** A model that was tuned here: its versions, newest first, each with where it came from. */
export const TunedPanel = ({ name, versions }: { name: string; versions: readonly TunedVersion[] }) => {
  const t = useT()
  const remove = useDeleteTunedModel()
  const [asked, setAsked] = useState(false)
  const ask = (open: boolean) => {
    remove.reset()
    setAsked(open)
  }
  return (
    <Panel name={t('models.model-named', { name })}>
      <PanelHead
        glyph={<KindJack kind="model" silent />}
        title={name}
        line={t('models.version-count', { count: versions.length })}
      >
        <Button size="small" variant="danger" onClick={() => ask(true)}>
          <Trash2 aria-hidden />
          {t('models.delete')}
        </Button>
      </PanelHead>
      {versions.map((version, at) => (
        <Version key={version.id} version={version} open={at === 0} />
      ))}
      <PanelPart title={t('models.use')}>
        <p className="text-ink-2 ko:leading-[20px]">{t('models.use-line')}</p>
      </PanelPart>
      <Dialog
        open={asked}
        onOpenChange={ask}
        title={t('models.delete-question', { name })}
        text={t('models.delete-loses', { count: versions.length })}
        action={t('models.delete')}
        danger
        busy={remove.isPending}
        onAction={() => remove.mutate(name, { onSuccess: () => ask(false) })}
      >
        {remove.error && <ErrorState error={remove.error} />}
      </Dialog>
    </Panel>
  )
}
