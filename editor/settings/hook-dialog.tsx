import { useState } from 'react'
import type { Hook, PipelineSummary } from '#server/api.ts'
import { useMakeHook } from '../api/hooks.ts'
import { useT } from '../i18n/index.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { CallHook } from './call-hook.tsx'
import { ShownOnce } from './shown-once.tsx'
import { authKeys, hookAddress, modeKeys } from './words.ts'

const fits = (name: string) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(name)
const modes = ['sync', 'async', 'stream'] as const satisfies readonly Hook['mode'][]
const auths = ['standard', 'bearer', 'github', 'stripe', 'none'] as const satisfies readonly Hook['auth'][]

/** Makes a webhook for a published pipeline, then shows its secret: once. */
export const HookDialog = ({ pipelines, onClose }: { pipelines: readonly PipelineSummary[]; onClose: () => void }) => {
  const t = useT()
  const make = useMakeHook()
  const [name, setName] = useState('')
  const [pipeline, setPipeline] = useState<string>()
  const [mode, setMode] = useState<Hook['mode']>('sync')
  const [auth, setAuth] = useState<Hook['auth']>('standard')
  const made = make.data
  if (made) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t('settings.hook-made')}
        text={made.secret ? t('settings.shown-once') : undefined}
        action={made.secret ? t('settings.kept-it') : t('ui.close')}
        onAction={onClose}
        closable={false}
        keeps={made.secret !== null}
        wide
      >
        <Field label={t('settings.address')}>{() => <ShownOnce value={hookAddress(made.name)} />}</Field>
        {made.secret && <Field label={t('settings.secret')}>{() => <ShownOnce value={made.secret ?? ''} />}</Field>}
        {made.auth === 'none' && <p className="text-wait">{t('settings.auth-none-line')}</p>}
        <CallHook hook={made} />
      </Dialog>
    )
  }
  const options = pipelines.map(({ id, name: label, version }) => ({
    value: id,
    label,
    disabled: version === null,
    ...(version === null && { detail: t('settings.not-published') }),
  }))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('settings.make-hook')}
      action={t('settings.make-hook')}
      busy={make.isPending}
      disabled={!fits(name) || !pipeline}
      onAction={() => pipeline && make.mutate({ name, pipeline, version: 'latest', mode, auth })}
    >
      <Field
        label={t('settings.name')}
        help={fits(name) ? <span className="num">{hookAddress(name)}</span> : t('settings.hook-name-help')}
        error={name !== '' && !fits(name) && t('settings.hook-name-wrong')}
      >
        {(control) => <Input {...control} mono value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Field label={t('runs.pipeline')} help={t('settings.hook-version-help')}>
        {(control) => (
          <Select
            {...control}
            value={pipeline}
            onChange={setPipeline}
            options={options}
            placeholder={t('settings.choose-pipeline')}
          />
        )}
      </Field>
      <Field label={t('settings.answers')}>
        {(control) => (
          <Select
            {...control}
            value={mode}
            onChange={setMode}
            options={modes.map((value) => ({ value, label: t(modeKeys[value]) }))}
          />
        )}
      </Field>
      <Field label={t('settings.auth')} help={auth === 'none' && t('settings.auth-none-line')}>
        {(control) => (
          <Select
            {...control}
            value={auth}
            onChange={setAuth}
            options={auths.map((value) => ({ value, label: t(authKeys[value]) }))}
          />
        )}
      </Field>
      {make.error && <ErrorState error={make.error} />}
    </Dialog>
  )
}
