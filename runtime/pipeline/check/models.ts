import { modelProviders, parseModelId } from '#nodes/rules.ts'
import { fieldSchemas } from '../config.ts'
import type { Finding } from '../document.ts'
import type { LiftedNode } from '../lift/types.ts'
import { atNode, type Check, type Checked, nameOf } from './context.ts'

/** Why an id can name no model at all, as far as the document says; whether the model is there is known when it runs. */
const faultOf = (id: string, { document }: Checked): 'form' | 'provider' | undefined => {
  const parsed = parseModelId(id)
  if (!parsed) return 'form'
  const { provider } = parsed
  if (modelProviders.some((known) => known === provider)) return undefined
  const resources = document.resources ?? {}
  const named = Object.hasOwn(resources, provider) ? resources[provider] : undefined
  return named?.kind === 'provider' ? undefined : 'provider'
}

/** A base to train on is weights, which the list of models that answer does not name. */
const isAbsent = (id: string, { entry }: LiftedNode, { context: { localModels } }: Checked): boolean =>
  localModels !== undefined && id.startsWith('local:') && entry.group !== 'train' && !localModels.includes(id)

const absent = (node: LiftedNode, field: string, id: string): Finding => ({
  ...atNode(
    'model-invalid',
    node,
    `${nameOf(node)}: the model "${id}" is not here. Pick another, or start a worker that has it.`,
    { details: { field, model: id, fault: 'absent', provider: 'local' } },
  ),
  level: 'warning',
})

const checkField = (node: LiftedNode, field: string, checked: Checked): Finding[] => {
  const id = node.config[field]
  // An empty one is no config, and a wired model answers in place of the chosen one.
  if (typeof id !== 'string' || id === '' || node.into.has(field)) return []
  const fault = faultOf(id, checked)
  if (!fault) return isAbsent(id, node, checked) ? [absent(node, field, id)] : []
  const [provider = ''] = id.split(':')
  return [
    atNode(
      'model-invalid',
      node,
      fault === 'form'
        ? `${nameOf(node)}: "${id}" is not a model. An id is written provider:model, such as local:tiny. Pick a model.`
        : `${nameOf(node)}: "${id}" is not a model. There is no provider "${provider}"; the known ones are ${modelProviders.join(', ')}. Pick a model, or add the provider to the resources.`,
      { details: { field, model: id, fault, provider } },
    ),
  ]
}

export const checkModels: Check = (checked) =>
  [...checked.lifted.nodes.values()].flatMap((node) =>
    fieldSchemas(node.entry).flatMap(([field, schema]) =>
      schema.ui === 'model' ? checkField(node, field, checked) : [],
    ),
  )
