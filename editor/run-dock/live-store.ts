import { createStore } from 'zustand/vanilla'
import type { RunEvent } from '#runtime/engine/events.ts'
import { foldEvent, type LiveRun } from './live-run.ts'

export type LiveState = { run: LiveRun | undefined; number: number | undefined }

/** Holds the run that the canvas shows; each node on the canvas subscribes to its own part. */
export const createLiveStore = () => {
  const store = createStore<LiveState>(() => ({ run: undefined, number: undefined }))
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    /** Shows a run from its beginning, or as far as it is known. */
    show: (run: LiveRun | undefined, number?: number) => store.setState({ run, number }),
    setNumber: (run: string, number: number) => {
      if (store.getState().run?.id === run) store.setState({ number })
    },
    /** Takes what arrived since the last frame. Events of a run that is no longer shown are dropped. */
    take: (id: string, events: readonly RunEvent[]) => {
      const { run } = store.getState()
      if (run?.id === id) store.setState({ run: events.reduce((folded, event) => foldEvent(folded, event), run) })
    },
  }
}
export type LiveStore = ReturnType<typeof createLiveStore>
