import type { Finding, PipelineDocument, PipelineNode } from './document.ts'

type Config = PipelineNode['config']
/** What the registry knows of a type's past: step n brings a config from version n to n + 1. */
export type Migrations = (
  type: string,
) =>
  | { version: number; migrate?: Record<number, (config: Record<string, unknown>) => Record<string, unknown>> }
  | undefined

export type Migrated = {
  document: PipelineDocument
  /** Nodes that were brought up, with the version they came from. */
  migrated: { node: string; type: string; from: number; to: number }[]
  /** Nodes that stay as they are: newer than the registry, or a step that is missing or failed. */
  findings: Finding[]
}

const finding = (
  code: Finding['code'],
  node: PipelineNode,
  message: string,
  details: Finding['details'] = {},
): Finding => ({
  code,
  level: 'error',
  message,
  node: node.id,
  details: { type: node.type, version: node.version, ...details },
})

const migrateNode = (
  node: PipelineNode,
  known: NonNullable<ReturnType<Migrations>>,
): { config: Config } | { finding: Finding } => {
  let config: Config = structuredClone(node.config)
  for (let version = node.version; version < known.version; version++) {
    const step = known.migrate?.[version]
    const where = `"${node.id}" (${node.type}) from version ${version} to ${version + 1}`
    if (!step)
      return {
        finding: finding('invalid-config', node, `No step brings ${where}. Make the node anew.`, { step: version }),
      }
    try {
      // A step returns what its zod schema describes, which is JSON.
      config = step(config) as Config
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return {
        finding: finding('invalid-config', node, `Could not bring ${where}: ${reason}. Make the node anew.`, {
          step: version,
          reason,
        }),
      }
    }
  }
  return { config }
}

/**
 * Brings every node's config to the version that the registry knows. The document given is not changed; nodes of unknown types
 * stay as they are, and so does a node newer than the registry, with a finding.
 * @example migrate(document, (type) => registry.get(type))
 */
export const migrate = (document: PipelineDocument, migrations: Migrations): Migrated => {
  const migrated: Migrated['migrated'] = []
  const findings: Finding[] = []
  const nodes = document.nodes.map((node) => {
    const known = migrations(node.type)
    if (!known || node.version === known.version) return node
    if (node.version > known.version) {
      const message = `"${node.id}" was saved by a newer Patchbay (version ${node.version} of "${node.type}", here ${known.version}). Update Patchbay or make the node anew.`
      findings.push(finding('newer-version', node, message, { known: known.version }))
      return node
    }
    const result = migrateNode(node, known)
    if ('finding' in result) {
      findings.push(result.finding)
      return node
    }
    migrated.push({ node: node.id, type: node.type, from: node.version, to: known.version })
    return { ...node, version: known.version, config: result.config }
  })
  return { document: migrated.length > 0 ? { ...document, nodes } : document, migrated, findings }
}
