import type { Edge, PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import { defaultsOf } from './defaults.ts'
import {
  addNode,
  moveNodes,
  type NodePatch,
  type Point,
  patchNode,
  removeNodes,
  renameNode,
  setConfig,
  setResource,
  titleNode,
} from './edits.ts'
import { firstFit } from './first-fit.ts'
import { copyNodes, duplicateNodes, type Fragment, pasteNodes } from './fragment.ts'
import { splitRef } from './rules.ts'
import type { DocumentStore } from './store.ts'
import type { OpenEnd, ViewStore } from './view-store.ts'
import { connect, disconnect, edgeId, insertOnEdge, type PortNames, portRef, reconnect } from './wires.ts'
import type { CatalogueMap, Wiring } from './wiring.ts'

type ActionParts = {
  store: DocumentStore
  view: ViewStore
  catalogue: CatalogueMap
  wiring: (of?: PipelineDocument) => Wiring
  portNames: PortNames
}
type Bridge = { type: string; input: string; output: string }
export type PortPlace = { node: string; port: string }

/** What a person can do to an open pipeline. Each call is one step of undo; what is made is selected. */
export const createActions = ({ store, view, catalogue, wiring, portNames }: ActionParts) => {
  const document = () => store.getState().document
  const portAt = (of: PipelineDocument, to: string) => {
    const { node, port } = splitRef(to)
    return wiring(of)
      .nodes.get(node)
      ?.inputs.find((one) => one.name === port)
  }
  const takesMany = (to: string, of: PipelineDocument = document()) => portAt(of, to)?.many ?? false
  const wireTo = (made: PipelineDocument, id: string, end: OpenEnd): PipelineDocument => {
    const node = wiring(made).nodes.get(id)
    if (!node) return made
    if (end.side === 'output') {
      const kind = wiring(made)
        .nodes.get(end.node)
        ?.outputs.find((port) => port.name === end.port)?.kind
      const input = kind && firstFit.input(kind, node.inputs)
      if (!input) return made
      return connect(
        made,
        { from: portRef(end.node, end.port), to: portRef(id, input) },
        takesMany(portRef(id, input), made),
      )
    }
    if (end.side === 'input') {
      const goal = wiring(made)
        .nodes.get(end.node)
        ?.inputs.find((port) => port.name === end.port)
      const output = goal && firstFit.output(goal, node.outputs)
      return output ? connect(made, { from: portRef(id, output), to: portRef(end.node, end.port) }, goal?.many) : made
    }
    const kind = wiring(made).edges.get(edgeId(end))?.kind
    const input = kind && firstFit.input(kind, node.inputs)
    const goal = portAt(made, end.to)
    if (!input || !goal) return made
    // Some outputs have the kind of what is wired in: they are asked when it is.
    const half = connect(made, { from: end.from, to: portRef(id, input) })
    const output = firstFit.output(goal, wiring(half).nodes.get(id)?.outputs ?? [])
    return output ? insertOnEdge(made, end, { id, input, output }) : made
  }

  const actions = {
    /** Adds a node of a type at a place and wires it to the open end, if one is given. */
    add: (type: string, at: Point, end?: OpenEnd, config?: PipelineNode['config']): string | undefined => {
      const entry = catalogue.get(type)
      if (!entry) return undefined
      const added = addNode(
        document(),
        { type, version: entry.version, config: config ?? defaultsOf(entry.config) },
        at,
      )
      store.edit(() => (end ? wireTo(added.document, added.id, end) : added.document))
      view.select([added.id])
      return added.id
    },
    /** Puts a node between two ports that do not fit; `instead` is the wire that it replaces. */
    bridge: (from: PortPlace, to: PortPlace, by: Bridge, at: Point, instead?: Edge): void => {
      const entry = catalogue.get(by.type)
      if (!entry) return
      const base = instead ? disconnect(document(), [instead]) : document()
      const added = addNode(base, { type: by.type, version: entry.version, config: defaultsOf(entry.config) }, at)
      const goal = portRef(to.node, to.port)
      const half = connect(added.document, { from: portRef(from.node, from.port), to: portRef(added.id, by.input) })
      store.edit(() => connect(half, { from: portRef(added.id, by.output), to: goal }, takesMany(goal)))
      view.select([added.id])
    },
    wire: (from: PortPlace, to: PortPlace) => {
      const edge = { from: portRef(from.node, from.port), to: portRef(to.node, to.port) }
      store.edit((of) => connect(of, edge, takesMany(edge.to)))
    },
    rewire: (old: Edge, edge: Edge) => store.edit((of) => reconnect(of, old, edge, takesMany(edge.to))),
    unwire: (edges: readonly Edge[]) => store.edit((of) => disconnect(of, edges)),
    move: (places: ReadonlyMap<string, Point>, merge?: string) =>
      store.edit((of) => moveNodes(of, places), merge ? { merge } : {}),
    resize: (id: string, width: number, height: number) => {
      const snapped = (value: number) => Math.round(value / 8) * 8
      store.edit((of) => patchNode(of, id, { size: [snapped(width), snapped(height)] }))
    },
    title: (id: string, title: string) => {
      const titled = titleNode(document(), id, title)
      view.replace(id, titled.id)
      store.edit(() => titled.document)
    },
    rename: (id: string, to: string): boolean => {
      const renamed = renameNode(document(), id, to)
      if (renamed === document()) return id === to
      view.replace(id, to)
      store.edit(() => renamed)
      return true
    },
    /** `merge` names the field, so that typing in it is one step of undo. */
    configure: (id: string, config: PipelineNode['config'], merge?: string) =>
      store.edit((of) => setConfig(of, id, config, portNames), merge ? { merge: `${id} ${merge}` } : {}),
    patch: (id: string, patch: NodePatch, merge?: string) =>
      store.edit((of) => patchNode(of, id, patch), merge ? { merge: `${id} ${merge}` } : {}),
    resource: (name: string, entry: Parameters<typeof setResource>[2]) =>
      store.edit((of) => setResource(of, name, entry)),
    name: (name: string) => store.edit((of) => ({ ...of, name: name.slice(0, 200) || of.name })),
    /** Switches nodes off, or on again when all of them are off. */
    toggle: (ids: ReadonlySet<string>) => {
      const isOff = document().nodes.every((node) => !ids.has(node.id) || node.disabled)
      store.edit((of) => [...ids].reduce((made, id) => patchNode(made, id, { disabled: isOff ? undefined : true }), of))
    },
    remove: (ids: ReadonlySet<string>, edges: readonly Edge[] = []) => {
      store.edit((of) => removeNodes(disconnect(of, edges), ids))
      view.select([])
    },
    duplicate: (ids: ReadonlySet<string>) => {
      const made = duplicateNodes(document(), ids)
      store.edit(() => made.document)
      view.select(made.ids)
    },
    copy: (ids: ReadonlySet<string>): Fragment => copyNodes(document(), ids),
    paste: (fragment: Pick<Fragment, 'nodes' | 'edges' | 'resources'>, at: Point) => {
      const made = pasteNodes(document(), fragment, at)
      store.edit(() => made.document)
      view.select(made.ids)
    },
  }
  return actions
}
export type Actions = ReturnType<typeof createActions>
