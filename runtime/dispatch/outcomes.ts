import type { Catalogue } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import type { Outside } from '../engine/engine.ts'
import { chatFieldsOf } from '../pipeline/chat-fields.ts'
import type { ParseConfig } from '../pipeline/config.ts'
import { lift } from '../pipeline/lift.ts'
import type { Database } from '../store/database.ts'
import { deploy, deploymentName } from '../store/deployments.ts'
import { keepModel, modelName, readTuned, tunedIdOf } from '../store/models.ts'
import { readVersion } from '../store/pipeline-versions.ts'
import type { DesiredModel } from './protocol.ts'
import type { DeploymentTarget } from './targets.ts'

type Needs = { database: Database; catalogue: Catalogue; parseConfig: ParseConfig }
/** A target as it is asked for: `latest` is not resolved yet. */
export type WantedTarget = Parameters<Outside['deploy']>[1]['target']

const invalid = (message: string, details: Record<string, unknown>) =>
  new NodeError('deployment-invalid', message, { details })

/**
 * What a deployment would serve, with `latest` resolved and its fields checked.
 * @throws NodeError `deployment-invalid`
 */
export const checkTarget = async (
  { database, catalogue, parseConfig }: Needs,
  workspace: string,
  wanted: WantedTarget,
): Promise<DeploymentTarget> => {
  if (wanted.kind === 'model') {
    const { model } = wanted
    if (!/^(local|tuned):/.test(model))
      throw invalid(
        `"${model}" is not a model of a worker. Deploy a local: or tuned: model, or a pipeline that calls this one.`,
        { at: 'model', rule: 'no-worker-model', model },
      )
    if (model.startsWith('tuned:') && !(await readTuned(database.query, workspace, model)))
      throw invalid(`There is no tuned model "${model}". Look at the list of models and name one of it.`, {
        at: 'model',
        rule: 'no-tuned-model',
        model,
      })
    return { kind: 'model', model }
  }
  const { pipeline, version, input, output } = wanted
  const found = await readVersion(database.query, workspace, pipeline, version)
  if (!found) {
    const what = version === 'latest' ? 'has no published version' : `has no version ${version}`
    throw invalid(`The pipeline ${pipeline} ${what}. Publish it, then deploy again.`, {
      at: 'pipeline',
      rule: 'no-version',
      pipeline,
      version,
    })
  }
  const fields = chatFieldsOf(lift(found.document, catalogue, { parseConfig }), input, output)
  if (!fields.ok) {
    const { message, at, rule, values } = fields
    throw invalid(message, { at, rule, ...values, pipeline, version: found.version })
  }
  return { kind: 'pipeline', pipeline, version: found.version, input, output }
}

/**
 * What steps leave behind for good: tuned models and deployments. The other part of `Outside` is jobs.
 * @example createEngine({ …, outside: { ...createOutcomes({ database, catalogue, parseConfig }), job } })
 */
export const createOutcomes = (needs: Needs): Pick<Outside, 'keepModel' | 'deploy'> => ({
  keepModel: async ({ workspace, run }, model) => {
    if (!modelName.test(model.name))
      throw new NodeError(
        'name-invalid',
        `"${model.name}" is no name for a model. Use 1 to 63 small letters, digits or "-", and begin with a letter or digit.`,
        { details: { name: model.name } },
      )
    const kept = await keepModel(needs.database, workspace, model, run)
    return { model: tunedIdOf(kept.name, kept.version) }
  },
  deploy: async ({ workspace, run, key }, { name, target, note }) => {
    if (!deploymentName.test(name))
      throw invalid(
        `"${name}" is no name for a deployment. Use 1 to 63 small letters, digits or "-", and begin with a letter or digit.`,
        { name },
      )
    const checked = await checkTarget(needs, workspace, target)
    const made = await deploy(needs.database, workspace, { name, target: checked, note: note ?? null, run, key })
    if (made) return made
    // It was there a moment ago.
    throw invalid('What should be deployed was deleted meanwhile. Make it again, then run this again.', { name })
  },
})

/** The first file is the one that llama.cpp loads. */
const ggufFirst = (a: string, b: string): number => Number(b.endsWith('.gguf')) - Number(a.endsWith('.gguf'))

/** What a worker needs to serve `tuned:<name>@<version>`; its base is named as workers name it, `tiny`. */
export const resolveTuned = async (
  { query }: Pick<Database, 'query'>,
  workspace: string,
  id: string,
): Promise<DesiredModel | undefined> => {
  const found = await readTuned(query, workspace, id)
  if (!found) return undefined
  const names = Object.keys(found.files).toSorted(ggufFirst)
  const files = names.flatMap((name) => {
    const file = found.files[name]
    return file ? [{ name, sha256: file.sha256, bytes: file.bytes }] : []
  })
  return { id, base: found.base.replace(/^local:/, ''), form: found.form, files }
}
