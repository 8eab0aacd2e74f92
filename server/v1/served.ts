import type { FileManifest } from '#runtime/engine/run.ts'
import { type ChatFields, chatFieldsOf } from '#runtime/pipeline/chat-fields.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Judge } from '../judge.ts'
import type { Stores } from '../stores.ts'
import { OpenAiError } from './errors.ts'

export type ServedPipeline = {
  kind: 'pipeline'
  pipeline: string
  version: number
  document: PipelineDocument
  files: FileManifest
  fields: Extract<ChatFields, { ok: true }>
}
/** What a name of `/v1` stands for. */
export type Served = { kind: 'model'; model: string } | ServedPipeline
export type FindServed = (workspace: string, name: string) => Promise<Served | undefined>

/** What another process deployed is served at most this many milliseconds later. */
const freshness = 1_000
/** Names and versions kept, so that names from outside do not fill the memory. */
const most = 500

const remember = <Value>(kept: Map<string, Value>, key: string, value: Value): Value => {
  kept.delete(key)
  kept.set(key, value)
  for (const oldest of kept.keys()) {
    if (kept.size <= most) break
    kept.delete(oldest)
  }
  return value
}

type Needs = { stores: Pick<Stores, 'deployments' | 'pipelines'>; judge: Judge; now: () => number }

/** Looks up what names stand for; versions never change and are worked out once. */
export const createServed = ({ stores: { deployments, pipelines }, judge, now }: Needs) => {
  const names = new Map<string, { until: number; found: Promise<Served | undefined> }>()
  const versions = new Map<string, ServedPipeline>()

  const loadVersion = async (
    workspace: string,
    name: string,
    target: { pipeline: string; version: number; input: string; output: string },
  ): Promise<ServedPipeline> => {
    const { pipeline, version, input, output } = target
    const key = JSON.stringify([workspace, pipeline, version, input, output])
    const known = versions.get(key)
    if (known) return known
    const found = await pipelines.version(workspace, pipeline, version)
    const fields = found && chatFieldsOf(judge(found.document, Object.keys(found.files)).lifted, input, output)
    if (!found || !fields?.ok) {
      const why = fields && !fields.ok ? fields.message : 'Its version of the pipeline was deleted.'
      throw new OpenAiError(503, 'deployment_broken', `The deployment "${name}" cannot answer: ${why} Deploy it again.`)
    }
    const { document, files } = found
    return remember(versions, key, { kind: 'pipeline', pipeline, version, document, files, fields })
  }
  const load = async (workspace: string, name: string): Promise<Served | undefined> => {
    const live = await deployments.target(workspace, name)
    if (!live) return undefined
    return live.target.kind === 'model' ? live.target : loadVersion(workspace, name, live.target)
  }
  const find: FindServed = (workspace, name) => {
    const key = `${workspace}/${name}`
    const entry = names.get(key)
    if (entry && entry.until > now()) return entry.found
    const found = load(workspace, name)
    remember(names, key, { until: now() + freshness, found })
    // A look-up that failed is not kept.
    found.catch(() => names.delete(key))
    return found
  }
  return {
    find,
    /** Something was deployed here. */
    forget: (workspace: string, name: string) => void names.delete(`${workspace}/${name}`),
  }
}
export type ServedNames = ReturnType<typeof createServed>
