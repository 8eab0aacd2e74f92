import { useEffect } from 'react'
import { createStore, type StoreApi, useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { RunEvent } from '#runtime/engine/events.ts'
import { emptyRun, foldRun, type LiveNode, type LiveRun } from './live-run.ts'
import { followRun } from './run-events.ts'

export type LiveRunState = LiveRun & { connection: 'open' | 'lost' }
export type LiveRunStore = StoreApi<LiveRunState>

const blank: LiveRunState = { ...emptyRun, connection: 'open' }

/** Holds what is known of the run being followed. One per canvas; each node subscribes to its own part. */
export const createLiveRun = (): LiveRunStore => createStore<LiveRunState>(() => blank)

/**
 * Follows `run` into `store` while the component is mounted, from a clean slate for each run.
 * @example const [live] = useState(createLiveRun); useFollow(live, runId, { onEnd: refetch })
 */
export const useFollow = (store: LiveRunStore, run: string | null, onEnd?: () => void): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new callback must not restart the stream
  useEffect(() => {
    if (!run) return
    store.setState(blank, true)
    const onEvents = (events: readonly RunEvent[]) => {
      store.setState((state) => events.reduce<LiveRun>(foldRun, state))
      if (events.some((event) => event.type === 'run-end')) onEnd?.()
    }
    return followRun(run, { onEvents, onConnection: (connection) => store.setState({ connection }) })
  }, [store, run])
}

/** One node of the run; re-renders only when that node changes. */
export const useLiveNode = (store: LiveRunStore, node: string): LiveNode | undefined =>
  useStore(store, (state) => state.nodes[node])

/** The run without its nodes: for the transport. */
export const useLiveSummary = (store: LiveRunStore) =>
  useStore(
    store,
    useShallow(({ nodes: _nodes, ...summary }: LiveRunState) => summary),
  )
