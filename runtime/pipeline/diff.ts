import type { Edge, PipelineDocument, PipelineNode } from './document.ts'

/** One difference as a person would tell it. `before` and `after` are undefined where there was or is nothing. */
export type Change =
  | { change: 'node-added' | 'node-removed'; node: string; type: string }
  | { change: 'node-moved'; node: string; before: PipelineNode['at']; after: PipelineNode['at'] }
  | { change: 'node-renamed'; node: string; before: string | undefined; after: string | undefined }
  | { change: 'node-retyped'; node: string; before: string; after: string }
  | { change: 'config-changed'; node: string; key: string; before: unknown; after: unknown }
  | { change: 'node-changed'; node: string; key: NodeKey; before: unknown; after: unknown }
  | { change: 'edge-added' | 'edge-removed'; edge: Edge }
  /** The same edges into a port, but another order: a port with many edges reads them in order. */
  | { change: 'edges-reordered'; to: string }
  | { change: 'resource-added' | 'resource-removed'; resource: string }
  | { change: 'resource-changed'; resource: string; key: string; before: unknown; after: unknown }
  | { change: 'document-changed'; key: DocumentKey; before: unknown; after: unknown }

const nodeKeys = ['version', 'policy', 'pin', 'disabled', 'note', 'size'] as const
type NodeKey = (typeof nodeKeys)[number]
const documentKeys = ['name', 'description', 'groups'] as const
type DocumentKey = (typeof documentKeys)[number]

/** Key order inside a value counts: the order of fields is the order of ports. */
const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

type Pair = { key: string; before: unknown; after: unknown }
/** The keys that differ, those of `before` first. The order of the keys themselves does not count. */
const differences = (before: Record<string, unknown>, after: Record<string, unknown>): Pair[] => {
  const read = (from: Record<string, unknown>, key: string) => (Object.hasOwn(from, key) ? from[key] : undefined)
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((key) => ({ key, before: read(before, key), after: read(after, key) }))
    .filter((pair) => !same(pair.before, pair.after))
}

const diffNode = (before: PipelineNode, after: PipelineNode): Change[] => {
  const node = after.id
  const changes: Change[] = []
  if (before.type !== after.type) changes.push({ change: 'node-retyped', node, before: before.type, after: after.type })
  if (before.title !== after.title)
    changes.push({ change: 'node-renamed', node, before: before.title, after: after.title })
  if (!same(before.at, after.at)) changes.push({ change: 'node-moved', node, before: before.at, after: after.at })
  for (const pair of differences(before.config, after.config)) changes.push({ change: 'config-changed', node, ...pair })
  for (const key of nodeKeys)
    if (!same(before[key], after[key]))
      changes.push({ change: 'node-changed', node, key, before: before[key], after: after[key] })
  return changes
}

const diffNodes = (before: PipelineDocument, after: PipelineDocument): Change[] => {
  const old = new Map(before.nodes.map((node) => [node.id, node]))
  const kept = new Set(after.nodes.map(({ id }) => id))
  return [
    ...before.nodes.flatMap((node): Change[] =>
      kept.has(node.id) ? [] : [{ change: 'node-removed', node: node.id, type: node.type }],
    ),
    ...after.nodes.flatMap((node): Change[] => {
      const was = old.get(node.id)
      return was ? diffNode(was, node) : [{ change: 'node-added', node: node.id, type: node.type }]
    }),
  ]
}

const textOf = ({ from, to }: Edge): string => `${from} ${to}`

/** The edges of `of` that `other` lacks; the same edge twice counts twice. */
const lacking = (of: readonly Edge[], other: readonly Edge[]): Edge[] => {
  const left = new Map<string, number>()
  for (const edge of other) left.set(textOf(edge), (left.get(textOf(edge)) ?? 0) + 1)
  return of.filter((edge) => {
    const count = left.get(textOf(edge)) ?? 0
    left.set(textOf(edge), count - 1)
    return count <= 0
  })
}

const byTarget = (edges: readonly Edge[]): Map<string, Edge[]> => Map.groupBy(edges, ({ to }) => to)

const diffEdges = (before: PipelineDocument, after: PipelineDocument): Change[] => {
  const [removed, added] = [lacking(before.edges, after.edges), lacking(after.edges, before.edges)]
  const touched = new Set([...removed, ...added].map(({ to }) => to))
  const old = byTarget(before.edges)
  const reordered = [...byTarget(after.edges)].filter(([to, edges]) => !touched.has(to) && !same(edges, old.get(to)))
  return [
    ...removed.map((edge): Change => ({ change: 'edge-removed', edge })),
    ...added.map((edge): Change => ({ change: 'edge-added', edge })),
    ...reordered.map(([to]): Change => ({ change: 'edges-reordered', to })),
  ]
}

const diffResources = (before: PipelineDocument, after: PipelineDocument): Change[] => {
  const [old, now] = [new Map(Object.entries(before.resources ?? {})), new Map(Object.entries(after.resources ?? {}))]
  return [
    ...[...old.keys()].flatMap((resource): Change[] =>
      now.has(resource) ? [] : [{ change: 'resource-removed', resource }],
    ),
    ...[...now].flatMap(([resource, entry]): Change[] => {
      const was = old.get(resource)
      if (!was) return [{ change: 'resource-added', resource }]
      return differences(was, entry).map((pair) => ({ change: 'resource-changed', resource, ...pair }))
    }),
  ]
}

/**
 * What changed from one document to another, by meaning: the order of nodes, of edges into different ports and of config keys
 * does not count. Two documents without changes run and look the same.
 */
export const diff = (before: PipelineDocument, after: PipelineDocument): Change[] => [
  ...documentKeys.flatMap((key): Change[] =>
    same(before[key], after[key]) ? [] : [{ change: 'document-changed', key, before: before[key], after: after[key] }],
  ),
  ...diffResources(before, after),
  ...diffNodes(before, after),
  ...diffEdges(before, after),
]
