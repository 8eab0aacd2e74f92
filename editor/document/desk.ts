import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { CatalogueEntry } from '#nodes/define.ts'
import type { Finding, PipelineDocument, PipelineNode } from '#runtime/pipeline/document.ts'
import type { NodeRun } from '../run-dock/live-run.ts'
import { createLiveStore, type LiveState, type LiveStore } from '../run-dock/live-store.ts'
import { outdatedNodes } from '../run-dock/outdated.ts'
import { createActions } from './actions.ts'
import { type AutosaveDependencies, createAutosave } from './autosave.ts'
import { createFindings } from './findings.ts'
import { createDocumentStore } from './store.ts'
import { createUploads } from './uploads.ts'
import { createViewStore, type ViewState } from './view-store.ts'
import { edgeId } from './wires.ts'
import { type CatalogueMap, portNamesIn, type WiredEdge, type WiredNode, type Wiring, wire } from './wiring.ts'

type DeskParts = {
  id: string
  catalogue: CatalogueMap
  document: PipelineDocument
  revision: number
  check: (document: PipelineDocument) => readonly Finding[]
  /** Paths of the uploaded files that resources may name. */
  files: { list: () => readonly string[]; set: (paths: string[]) => void }
  /** Ids of the models that the server knows, as far as it was asked. */
  models: { set: (ids: readonly string[]) => void }
} & Pick<AutosaveDependencies, 'put' | 'keep'>

/** Everything one open pipeline works with: its document, what is saved, what runs, what is selected. */
export const createDesk = ({ id, catalogue, document, revision, check, files, models, put, keep }: DeskParts) => {
  const store = createDocumentStore(document)
  let known: { document: PipelineDocument; wiring: Wiring } | undefined
  /** Computed at the first question after an edit; all questions about one document get one answer. */
  const wiring = (of: PipelineDocument = store.getState().document): Wiring => {
    if (known?.document !== of) known = { document: of, wiring: wire(of, catalogue, known?.wiring) }
    return known.wiring
  }
  const live: LiveStore = createLiveStore()
  const findings = createFindings(store, check)
  const autosave = createAutosave({ store, revision, put, keep })
  const view = createViewStore()
  const uploads = createUploads()
  const portNames = portNamesIn(catalogue)
  // An undo or another tab's draft may take away what is selected.
  const stopWatching = store.subscribe(({ document: of }, { document: before }) => {
    if (of.nodes === before.nodes && of.edges === before.edges) return
    const { nodes, edges } = view.getState()
    if (nodes.size + edges.size > 0) view.keepOnly(new Set(nodesById(of).keys()), new Set(of.edges.map(edgeId)))
  })
  return {
    ...createActions({ store, view, catalogue, wiring, portNames }),
    id,
    catalogue,
    store,
    wiring,
    live,
    findings,
    check,
    files,
    models,
    autosave,
    view,
    uploads,
    portNames,
    close: () => {
      uploads.stop()
      stopWatching()
      autosave.stop()
      findings.stop()
    },
  }
}
export type Desk = ReturnType<typeof createDesk>

const Context = createContext<Desk | undefined>(undefined)
export const DeskProvider = Context.Provider

export const useDesk = (): Desk => {
  const desk = useContext(Context)
  if (!desk) throw new Error('useDesk stands outside of DeskProvider.')
  return desk
}

export const useDocument = <T>(pick: (document: PipelineDocument) => T): T =>
  useStore(useDesk().store, (state) => pick(state.document))

const indexes = new WeakMap<PipelineDocument, ReadonlyMap<string, PipelineNode>>()
/** Nodes by id, made once per document: a thousand selectors ask after every edit. */
export const nodesById = (document: PipelineDocument): ReadonlyMap<string, PipelineNode> => {
  const known = indexes.get(document)
  if (known) return known
  const made = new Map(document.nodes.map((node) => [node.id, node]))
  indexes.set(document, made)
  return made
}
export const useNode = (id: string): PipelineNode | undefined => useDocument((document) => nodesById(document).get(id))
export const useEntry = (type: string | undefined): CatalogueEntry | undefined => useDesk().catalogue.get(type ?? '')
export const useView = <T>(pick: (view: ViewState) => T): T => useStore(useDesk().view, pick)
export const useLive = <T>(pick: (live: LiveState) => T): T => useStore(useDesk().live, pick)
export const useNodeRun = (id: string): NodeRun | undefined => useLive((live) => live.run?.nodes[id])
/** Whether the shown run says nothing of this node any more: it, or what reaches it, was changed since. */
export const useOutdated = (id: string): boolean => {
  const ran = useLive((live) => live.run?.document)
  return useDocument((document) => ran !== undefined && outdatedNodes(document, ran).has(id))
}

export const useWiredNode = (id: string): WiredNode | undefined => {
  const desk = useDesk()
  return useStore(desk.store, (state) => desk.wiring(state.document).nodes.get(id))
}
export const useWiredEdge = (id: string): WiredEdge | undefined => {
  const desk = useDesk()
  return useStore(desk.store, (state) => desk.wiring(state.document).edges.get(id))
}
const noFindings: readonly Finding[] = []
export const useNodeFindings = (id: string): readonly Finding[] =>
  useStore(
    useDesk().findings.state,
    useShallow((state) => state.byNode.get(id) ?? noFindings),
  )
