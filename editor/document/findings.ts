import { createStore } from 'zustand/vanilla'
import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import type { DocumentStore } from './store.ts'

export type FindingsState = {
  findings: readonly Finding[]
  byNode: ReadonlyMap<string, readonly Finding[]>
}

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

/** Checks the document 120 ms after the last edit, when the browser has time: never in the way of a drag or a key. */
export const createFindings = (store: DocumentStore, check: (document: PipelineDocument) => readonly Finding[]) => {
  const state = createStore<FindingsState>(() => ({ findings: [], byNode: new Map() }))
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    const findings = check(store.getState().document)
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
    stop: () => {
      clearTimeout(timer)
      stop()
    },
  }
}
