import { useState } from 'react'
import { useLocation } from 'wouter'
import { useModels } from '../api/catalogue.ts'
import { type NewDeployment, useDeploy } from '../api/deployments.ts'
import { usePipelines } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { deploymentPath } from '../shell/addresses.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'

const fits = (name: string) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)

/** Puts a model or a published pipeline behind a name; under a name that is there already it becomes the next revision. */
export const DeployDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const [, go] = useLocation()
  const deploy = useDeploy()
  const { data: models = [] } = useModels()
  const { items: pipelines } = usePipelines()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<'model' | 'pipeline'>('model')
  const [model, setModel] = useState<string>()
  const [pipeline, setPipeline] = useState<string>()
  const [input, setInput] = useState('question')
  const [output, setOutput] = useState('answer')
  const target: NewDeployment['target'] | undefined =
    kind === 'model'
      ? model === undefined
        ? undefined
        : { kind, model }
      : pipeline === undefined || input === '' || output === ''
        ? undefined
        : { kind, pipeline, version: 'latest', input, output }
  const send = () =>
    target &&
    deploy.mutate(
      { name, target },
      {
        onSuccess: () => {
          onClose()
          go(deploymentPath(name))
        },
      },
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('deployments.deploy')}
      action={t('deployments.deploy')}
      busy={deploy.isPending}
      disabled={!fits(name) || !target}
      onAction={send}
    >
      <Field
        label={t('settings.name')}
        help={t('deployments.name-help')}
        error={name !== '' && !fits(name) && t('deployments.name-wrong')}
      >
        {(control) => <Input {...control} mono value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <Segmented
        name={t('deployments.serves')}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'model', label: t('models.model') },
          { value: 'pipeline', label: t('runs.pipeline') },
        ]}
      />
      {kind === 'model' ? (
        <Field label={t('models.model')}>
          {(control) => (
            <Select
              {...control}
              value={model}
              onChange={setModel}
              placeholder={t('deployments.choose-model')}
              options={models.map(({ id, ready }) => ({ value: id, label: id, disabled: !ready }))}
            />
          )}
        </Field>
      ) : (
        <>
          <Field label={t('runs.pipeline')} help={t('deployments.latest-help')}>
            {(control) => (
              <Select
                {...control}
                value={pipeline}
                onChange={setPipeline}
                placeholder={t('settings.choose-pipeline')}
                options={pipelines.map(({ id, name: label, version }) => ({
                  value: id,
                  label,
                  disabled: version === null,
                  ...(version === null && { detail: t('settings.not-published') }),
                }))}
              />
            )}
          </Field>
          <div className="grid grid-cols-2 gap-3">
            <Field label={t('deployments.input')}>
              {(control) => (
                <Input {...control} mono value={input} onChange={(event) => setInput(event.target.value.trim())} />
              )}
            </Field>
            <Field label={t('deployments.output')}>
              {(control) => (
                <Input {...control} mono value={output} onChange={(event) => setOutput(event.target.value.trim())} />
              )}
            </Field>
          </div>
        </>
      )}
      {deploy.error && <ErrorState error={deploy.error} />}
    </Dialog>
  )
}
