import type { PipelineDocument, ResourceEntry } from '#runtime/pipeline/document.ts'
import { setConfig, setResource } from './edits.ts'
import type { PortNames } from './wires.ts'

type Taken = { node: string; field: string; name: string; kind: ResourceEntry['kind']; paths: readonly string[] }

/**
 * Puts uploaded files into a resource, beside what it holds by now, and names it in the field that asked. A field in which
 * something else was chosen while they were on their way keeps that.
 */
export const takeFiles = (
  document: PipelineDocument,
  { node, field, name, kind, paths }: Taken,
  portNames: PortNames,
): PipelineDocument => {
  const known = document.resources?.[name] ?? { kind }
  const filled = setResource(document, name, { ...known, files: [...new Set([...(known.files ?? []), ...paths])] })
  const config = document.nodes.find(({ id }) => id === node)?.config
  if (!config || (config[field] ?? '') !== '') return filled
  return setConfig(filled, node, { ...config, [field]: name }, portNames)
}
