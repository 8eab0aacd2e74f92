import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Hook } from '#server/api.ts'
import { useDeleteHook, useHooks } from '../api/hooks.ts'
import { useAllPipelines } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Table, Td, Th } from '../ui/table.tsx'
import { CallHook } from './call-hook.tsx'
import { HookDialog } from './hook-dialog.tsx'
import { Listing } from './listing.tsx'
import { RemoveButton } from './remove-button.tsx'
import { Section } from './section.tsx'
import { authKeys, hookAddress, modeKeys } from './words.ts'

const Row = ({ hook, pipelineName }: { hook: Hook; pipelineName: string }) => {
  const t = useT()
  const remove = useDeleteHook()
  const { name, pipeline, version, mode, auth } = hook
  const [calling, setCalling] = useState(false)
  return (
    <tr>
      <Td className="pl-[18px]">
        <span className="flex items-center gap-1">
          <span className="num font-medium">/hooks/{name}</span>
          <CopyButton text={hookAddress(name)} />
        </span>
      </Td>
      <Td className="w-full max-w-0 truncate">
        <Link href={canvasPath(pipeline)} className="underline-offset-3 hover:underline">
          {pipelineName}
        </Link>
      </Td>
      <Td className="text-ink-2">{version === 'latest' ? t('settings.latest') : `v${version}`}</Td>
      <Td className="text-ink-2 max-wide:hidden">{t(modeKeys[mode])}</Td>
      <Td>
        <Chip tone={auth === 'none' ? 'wait' : 'line'}>{t(authKeys[auth])}</Chip>
      </Td>
      <Td>
        <Button size="small" aria-label={t('settings.call-hook', { name })} onClick={() => setCalling(true)}>
          {t('deployments.call')}
        </Button>
        {calling && (
          <Dialog
            open
            onOpenChange={setCalling}
            title={t('settings.call-hook', { name })}
            action={t('ui.close')}
            onAction={() => setCalling(false)}
            closable={false}
            wide
          >
            <CallHook hook={hook} />
          </Dialog>
        )}
      </Td>
      <Td className="pr-3">
        <RemoveButton
          id={name}
          remove={remove}
          question={t('settings.delete-hook-question', { name })}
          loses={t('settings.delete-hook-loses')}
          action={t('settings.delete-hook')}
        />
      </Td>
    </tr>
  )
}

/** Addresses that run a published pipeline when something calls them. */
export const Hooks = () => {
  const t = useT()
  const hooks = useHooks()
  const pipelines = useAllPipelines()
  const [making, setMaking] = useState(false)
  const nameOf = (id: string) =>
    pipelines.find((pipeline) => pipeline.id === id)?.name ?? t('settings.unknown-pipeline')
  return (
    <Section
      title={t('settings.hooks')}
      text={t('settings.hooks-line')}
      action={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          {t('settings.make-hook')}
        </Button>
      }
    >
      <Listing query={hooks} empty={{ title: t('settings.no-hooks'), text: t('settings.no-hooks-line') }}>
        {(items) => (
          <Table>
            <thead>
              <tr>
                <Th className="pl-[18px]">{t('settings.address')}</Th>
                <Th>{t('runs.pipeline')}</Th>
                <Th>{t('runs.version')}</Th>
                <Th className="max-wide:hidden">{t('settings.answers')}</Th>
                <Th>{t('settings.auth')}</Th>
                <Th>
                  <span className="sr-only">{t('deployments.call')}</span>
                </Th>
                <Th>
                  <span className="sr-only">{t('ui.more')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((hook) => (
                <Row key={hook.name} hook={hook} pipelineName={nameOf(hook.pipeline)} />
              ))}
            </tbody>
          </Table>
        )}
      </Listing>
      {making && <HookDialog pipelines={pipelines} onClose={() => setMaking(false)} />}
    </Section>
  )
}
