import type { Catalogue } from '#nodes/define.ts'
import type { ParseConfig } from '../config.ts'
import type { Finding, FindingCode, PipelineDocument } from '../document.ts'
import type { Lifted, LiftedNode } from '../lift/types.ts'

export type CheckContext = {
  /** Reads configs more strictly than the catalogue's JSON Schema can. */
  parseConfig?: ParseConfig
  /** Paths of the files that resources can name; without them no glob is judged. */
  files?: readonly string[]
  /** Ids of the `local:` models that are here; without them none is missed. A worker may bring one later. */
  localModels?: readonly string[]
}

/** What every part of the check is given. */
export type Checked = { document: PipelineDocument; catalogue: Catalogue; lifted: Lifted; context: CheckContext }
export type Check = (checked: Checked) => Finding[]

/** What a person calls the node: its own title, else the type's, else its id. */
export const nameOf = (node: LiftedNode): string => node.node.title || node.entry.title.en || node.id

/** An error at a node. */
export const atNode = (
  code: FindingCode,
  node: LiftedNode,
  message: string,
  more: Pick<Finding, 'port' | 'edge' | 'details'> = {},
): Finding => ({ code, level: 'error', message, node: node.id, ...more })
