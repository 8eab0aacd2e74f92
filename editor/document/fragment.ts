import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import type { Point } from './edits.ts'
import { freshId, nodeIds } from './ids.ts'

/** A part of a pipeline on the clipboard: a document of its own, so that it can also be imported. */
export type Fragment = Pick<PipelineDocument, 'format' | 'name' | 'nodes' | 'edges' | 'resources'>

const end = (ref: string): [string, string] => {
  const dot = ref.indexOf('.')
  return [ref.slice(0, dot), ref.slice(dot + 1)]
}

const strings = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

/** Cuts the chosen nodes out with the edges between them and the resources their configs name. */
export const copyNodes = (document: PipelineDocument, ids: ReadonlySet<string>): Fragment => {
  const nodes = document.nodes.filter((node) => ids.has(node.id))
  const named = new Set(nodes.flatMap((node) => strings(node.config)))
  const resources = Object.entries(document.resources ?? {}).filter(([name]) => named.has(name))
  return {
    format: 'patchbay/1',
    name: document.name,
    ...(resources.length > 0 && { resources: Object.fromEntries(resources) }),
    nodes,
    edges: document.edges.filter((edge) => ids.has(end(edge.from)[0]) && ids.has(end(edge.to)[0])),
  }
}

/** Where a pasted fragment's top left corner stands. */
export const cornerOf = (nodes: readonly Pick<PipelineNode, 'at'>[]): Point => [
  Math.min(...nodes.map((node) => node.at[0])),
  Math.min(...nodes.map((node) => node.at[1])),
]

/** Adds a fragment with its top left corner at `at`, under fresh ids; tells the new ids. Pins stay behind: they belong to a run. */
export const pasteNodes = (
  document: PipelineDocument,
  fragment: Pick<Fragment, 'nodes' | 'edges' | 'resources'>,
  at: Point,
): { document: PipelineDocument; ids: string[] } => {
  if (fragment.nodes.length === 0) return { document, ids: [] }
  const taken = nodeIds(document)
  const renamed = new Map<string, string>()
  for (const node of fragment.nodes) {
    const id = freshId(node.id, taken)
    taken.add(id)
    renamed.set(node.id, id)
  }
  const [left, top] = cornerOf(fragment.nodes)
  const nodes = fragment.nodes.map(({ pin: _, ...node }) => ({
    ...node,
    id: renamed.get(node.id) ?? node.id,
    at: [node.at[0] - left + at[0], node.at[1] - top + at[1]] as [number, number],
  }))
  const moved = (ref: string) => {
    const [node, port] = end(ref)
    const id = renamed.get(node)
    return id && `${id}.${port}`
  }
  const edges = fragment.edges.flatMap((edge) => {
    const from = moved(edge.from)
    const to = moved(edge.to)
    return from && to ? [{ from, to }] : []
  })
  const resources = { ...fragment.resources, ...document.resources }
  return {
    document: {
      ...document,
      ...(Object.keys(resources).length > 0 && { resources }),
      nodes: [...document.nodes, ...nodes],
      edges: [...document.edges, ...edges],
    },
    ids: nodes.map((node) => node.id),
  }
}

/** Copies nodes beside themselves. */
export const duplicateNodes = (document: PipelineDocument, ids: ReadonlySet<string>): ReturnType<typeof pasteNodes> => {
  const fragment = copyNodes(document, ids)
  if (fragment.nodes.length === 0) return { document, ids: [] }
  const [left, top] = cornerOf(fragment.nodes)
  return pasteNodes(document, fragment, [left + 40, top + 40])
}
