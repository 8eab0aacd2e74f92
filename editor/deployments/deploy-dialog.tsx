import { useState } from 'react'
import { useLocation } from 'wouter'
import { useModels } from '../api/catalogue.ts'
import { type NewDeployment, useDeploy } from '../api/deployments.ts'
import { faultAt, faultsIn } from '../api/fault-words.ts'
import { useAllPipelines } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { deploymentPath } from '../shell/addresses.ts'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Select } from '../ui/select.tsx'
import { PipelineFields, type ServedFields } from './pipeline-fields.tsx'

const fits = (name: string) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)

/** Hosted models are their providers' to serve. */
const isServed = ({ id }: { id: string }) => /^(local|tuned):/.test(id)

const beside = {
  model: ['/name', '/target/model'],
  pipeline: ['/name', '/target/pipeline', '/target/input', '/target/output'],
}

/** Puts a model or a published pipeline behind a name; under a name that is there already it becomes the next revision. */
export const DeployDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const [, go] = useLocation()
  const deploy = useDeploy()
  const { data: models = [] } = useModels()
  const pipelines = useAllPipelines()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<'model' | 'pipeline'>('model')
  const [model, setModel] = useState<string>()
  const [pipeline, setPipeline] = useState<string>()
  const [fields, setFields] = useState<ServedFields>({})
  const { input, output } = fields
  const version = pipelines.find(({ id }) => id === pipeline)?.version
  const target: NewDeployment['target'] | undefined =
    kind === 'model'
      ? model === undefined
        ? undefined
        : { kind, model }
      : pipeline === undefined || input === undefined || output === undefined
        ? undefined
        : { kind, pipeline, version: 'latest', input, output }
  // What the server says of a field on screen stands beside it.
  const isBesideField = faultsIn(deploy.error).some(({ pointer }) => beside[kind].includes(pointer))
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
        error={name !== '' && !fits(name) ? t('deployments.name-wrong') : faultAt(deploy.error, '/name', t)}
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
        <Field label={t('models.model')} error={faultAt(deploy.error, '/target/model', t)}>
          {(control) => (
            <Select
              {...control}
              value={model}
              onChange={setModel}
              placeholder={t('deployments.choose-model')}
              options={models.filter(isServed).map(({ id, ready }) => ({ value: id, label: id, disabled: !ready }))}
            />
          )}
        </Field>
      ) : (
        <>
          <Field
            label={t('runs.pipeline')}
            help={t('deployments.latest-help')}
            error={faultAt(deploy.error, '/target/pipeline', t)}
          >
            {(control) => (
              <Select
                {...control}
                value={pipeline}
                onChange={(id) => {
                  setPipeline(id)
                  setFields({})
                }}
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
          {pipeline !== undefined && typeof version === 'number' && (
            <PipelineFields
              key={pipeline}
              pipeline={pipeline}
              version={version}
              value={fields}
              onChange={setFields}
              error={deploy.error}
            />
          )}
        </>
      )}
      {deploy.error && !isBesideField && <ErrorState error={deploy.error} />}
    </Dialog>
  )
}
