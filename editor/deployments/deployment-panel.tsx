import { Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { DeploymentInfo } from '#server/api.ts'
import { useDeleteDeployment, useGoLive } from '../api/deployments.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { runPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { Panel, PanelFact, PanelHead, PanelPart } from '../ui/panel.tsx'
import { CallIt } from './call-it.tsx'
import { TargetLink } from './target-words.tsx'

/** What was served under this name, newest first; one click goes back, or forth. */
const Revisions = ({ deployment: { name, revision: live, revisions } }: { deployment: DeploymentInfo }) => {
  const t = useT()
  const { language } = useLanguage()
  const goLive = useGoLive()
  return (
    <PanelPart title={t('deployments.revisions')}>
      {goLive.error && <ErrorState error={goLive.error} className="mb-2" />}
      <ol className="-mx-1">
        {revisions
          .toSorted((a, b) => b.revision - a.revision)
          .map(({ revision, target, note, run, createdAt }) => (
            <li key={revision} className="flex items-start gap-2.5 border-line border-b px-1 py-2 last:border-b-0">
              <span className="num w-8 shrink-0 font-medium">@{revision}</span>
              <div className="min-w-0 flex-1">
                <div className="num truncate text-small">
                  <TargetLink target={target} />
                </div>
                <div className="text-small text-ink-3">
                  <time dateTime={createdAt} title={moment(createdAt, language)}>
                    {relativeTime(createdAt, language)}
                  </time>
                  {run && (
                    <>
                      {' · '}
                      <Link href={runPath(run)} className="underline underline-offset-2">
                        {t('deployments.run')}
                      </Link>
                    </>
                  )}
                </div>
                {note && <p className="text-small text-ink-2 [overflow-wrap:anywhere]">{note}</p>}
              </div>
              {revision === live ? (
                <Chip tone="live">{t('deployments.live')}</Chip>
              ) : (
                <Button
                  size="small"
                  aria-label={t(revision < live ? 'deployments.roll-back-to' : 'deployments.go-forth-to', { revision })}
                  disabled={goLive.isPending}
                  onClick={() => goLive.mutate({ name, revision })}
                >
                  {revision < live && <Undo2 aria-hidden />}
                  {t(revision < live ? 'deployments.roll-back' : 'deployments.go-forth')}
                </Button>
              )}
            </li>
          ))}
      </ol>
    </PanelPart>
  )
}

/** One name: what it serves, what it served, and how to call it. */
export const DeploymentPanel = ({ deployment }: { deployment: DeploymentInfo }) => {
  const t = useT()
  const remove = useDeleteDeployment()
  const [asked, setAsked] = useState(false)
  const { name, revision, target } = deployment
  const ask = (open: boolean) => {
    remove.reset()
    setAsked(open)
  }
  return (
    <Panel name={t('deployments.deployment-named', { name })}>
      <PanelHead
        glyph={<KindJack kind="deployment" silent />}
        title={name}
        line={t('deployments.revision-live', { revision })}
      >
        <CopyButton text={name} label={t('deployments.copy-name')} />
        <Button size="small" variant="danger" onClick={() => ask(true)}>
          <Trash2 aria-hidden />
          {t('deployments.delete')}
        </Button>
      </PanelHead>
      <PanelPart title={t('deployments.serves')}>
        <dl>
          <PanelFact name={t(target.kind === 'model' ? 'models.model' : 'runs.pipeline')}>
            <TargetLink target={target} />
          </PanelFact>
          {target.kind === 'pipeline' && (
            <PanelFact name={t('deployments.fields')}>
              {target.input} → {target.output}
            </PanelFact>
          )}
        </dl>
      </PanelPart>
      <Revisions deployment={deployment} />
      <CallIt name={name} />
      <Dialog
        open={asked}
        onOpenChange={ask}
        title={t('deployments.delete-question', { name })}
        text={t('deployments.delete-loses')}
        action={t('deployments.delete')}
        danger
        busy={remove.isPending}
        onAction={() => remove.mutate(name, { onSuccess: () => ask(false) })}
      >
        {remove.error && <ErrorState error={remove.error} />}
      </Dialog>
    </Panel>
  )
}
