import { createStore } from 'zustand/vanilla'
import type { Finding, FindingCode, PipelineDocument } from '#runtime/pipeline/document.ts'
import type { DocumentStore } from './store.ts'

export type FindingsState = {
  findings: readonly Finding[]
  byNode: ReadonlyMap<string, readonly Finding[]>
}

/** What only the server can know; the browser finds the rest by itself, without a round trip. */
const serverOnly: readonly FindingCode[] = ['secret-missing']

const byNode = (findings: readonly Finding[]): FindingsState['byNode'] => {
  const map = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (finding.node === undefined) continue
    const list = map.get(finding.node) ?? []
    list.push(finding)
    map.set(finding.node, list)
  }
  return map
}

/** Checks the document 120 ms after the last edit: never in the way of a drag or a key. */
export const createFindings = (store: DocumentStore, check: (document: PipelineDocument) => readonly Finding[]) => {
  const state = createStore<FindingsState>(() => ({ findings: [], byNode: new Map() }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let fromServer: readonly Finding[] = []

  const look = () => {
    const { document } = store.getState()
    const present = new Set(document.nodes.map((node) => node.id))
    const still = fromServer.filter((finding) => finding.node === undefined || present.has(finding.node))
    const findings = [...check(document), ...still]
    if (JSON.stringify(findings) === JSON.stringify(state.getState().findings)) return
    state.setState({ findings, byNode: byNode(findings) })
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(look, 120)
  }
  look()
  const stop = store.subscribe(({ document }, before) => {
    if (document !== before.document) later()
  })
  return {
    state,
    look,
    /** The server answered a save with what it found. */
    told: (findings: readonly Finding[]) => {
      fromServer = findings.filter((finding) => serverOnly.includes(finding.code))
      look()
    },
    stop: () => {
      clearTimeout(timer)
      stop()
    },
  }
}
