import type { PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { freshId, isMadeId, nodeIds, slug } from './ids.ts'
import { followPorts, type PortNames, renameEnds, touches } from './wires.ts'

export type Point = readonly [number, number]

/** What may be changed of a node by `patchNode`; `undefined` takes the key away. */
export type NodePatch = {
  [K in 'title' | 'policy' | 'pin' | 'disabled' | 'note' | 'size']?: PipelineNode[K] | undefined
}

const mapNode = (
  document: PipelineDocument,
  id: string,
  change: (node: PipelineNode) => PipelineNode,
): PipelineDocument => {
  const index = document.nodes.findIndex((node) => node.id === id)
  const old = document.nodes[index]
  if (!old) return document
  const next = change(old)
  return next === old ? document : { ...document, nodes: document.nodes.with(index, next) }
}

/** Adds a node at a place under a readable id, and tells the id. */
export const addNode = (
  document: PipelineDocument,
  node: Pick<PipelineNode, 'type' | 'version' | 'config'> & { title?: string },
  at: Point,
): { document: PipelineDocument; id: string } => {
  const id = freshId((node.title && slug(node.title)) || slug(node.type) || 'node', nodeIds(document))
  const { title, type, version, config } = node
  const added: PipelineNode = { id, type, version, ...(title && { title }), config, at: [at[0], at[1]] }
  return { document: { ...document, nodes: [...document.nodes, added] }, id }
}

/** Takes nodes away with every edge that touches them. */
export const removeNodes = (document: PipelineDocument, ids: ReadonlySet<string>): PipelineDocument => {
  const nodes = document.nodes.filter((node) => !ids.has(node.id))
  if (nodes.length === document.nodes.length) return document
  const groups = document.groups
    ?.map((group) => ({ ...group, nodes: group.nodes.filter((id) => !ids.has(id)) }))
    .filter((group) => group.nodes.length > 0)
  const { groups: _, ...rest } = document
  return {
    ...rest,
    nodes,
    edges: document.edges.filter((edge) => !touches(edge, ids)),
    ...(groups && groups.length > 0 && { groups }),
  }
}

export const moveNodes = (document: PipelineDocument, places: ReadonlyMap<string, Point>): PipelineDocument => {
  let moved = false
  const nodes = document.nodes.map((node) => {
    const place = places.get(node.id)
    if (!place || (place[0] === node.at[0] && place[1] === node.at[1])) return node
    moved = true
    return { ...node, at: [place[0], place[1]] as [number, number] }
  })
  return moved ? { ...document, nodes } : document
}

/** Changes what stands around the config: title, policy, pin, disabled, note, size. What is so already is no edit. */
export const patchNode = (document: PipelineDocument, id: string, patch: NodePatch): PipelineDocument =>
  mapNode(document, id, (node) => {
    const next: Record<string, unknown> = { ...node, ...patch }
    const keys = Object.keys(patch) as (keyof NodePatch)[]
    if (keys.every((key) => node[key] === patch[key])) return node
    for (const key of keys) if (next[key] === undefined) delete next[key]
    // Keys come from PipelineNode and absent ones are gone, which is what the type asks for.
    return next as PipelineNode
  })

/** Gives a node another id; edges and groups follow. An id that is taken or malformed changes nothing. */
export const renameNode = (document: PipelineDocument, id: string, to: string): PipelineDocument => {
  if (id === to || !/^[A-Za-z0-9_-]{1,64}$/.test(to) || nodeIds(document).has(to)) return document
  const renamed = mapNode(document, id, (node) => ({ ...node, id: to }))
  if (renamed === document) return document
  return {
    ...renamed,
    edges: renameEnds(renamed.edges, id, to),
    ...(renamed.groups && {
      groups: renamed.groups.map((group) => ({
        ...group,
        nodes: group.nodes.map((node) => (node === id ? to : node)),
      })),
    }),
  }
}

/** Sets the title shown on the node; an id that was made from the type becomes readable too. Tells the id. */
export const titleNode = (
  document: PipelineDocument,
  id: string,
  title: string,
): { document: PipelineDocument; id: string } => {
  const node = document.nodes.find((one) => one.id === id)
  if (!node) return { document, id }
  const titled = patchNode(document, id, { title: title.trim() === '' ? undefined : title.trim().slice(0, 200) })
  const wanted = slug(title)
  if (!wanted || !isMadeId(id, slug(node.type) ?? 'node')) return { document: titled, id }
  const others = nodeIds(document)
  others.delete(id)
  const to = freshId(wanted, others)
  return { document: renameNode(titled, id, to), id: to }
}

/** Replaces a config. Where exactly one port changed its name, the edges on it follow. */
export const setConfig = (
  document: PipelineDocument,
  id: string,
  config: PipelineNode['config'],
  portNames: PortNames,
): PipelineDocument => {
  const before = document.nodes.find((node) => node.id === id)
  if (!before) return document
  const after = { ...before, config }
  const changed = mapNode(document, id, () => after)
  const edges = followPorts(document.edges, id, portNames(before), portNames(after))
  return edges === document.edges ? changed : { ...changed, edges }
}

export const setResource = (
  document: PipelineDocument,
  name: string,
  entry: NonNullable<PipelineDocument['resources']>[string] | undefined,
): PipelineDocument => {
  const { [name]: _, ...others } = document.resources ?? {}
  const resources = entry ? { ...document.resources, [name]: entry } : others
  const { resources: __, ...rest } = document
  return Object.keys(resources).length > 0 ? { ...rest, resources } : rest
}
