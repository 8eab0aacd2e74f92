import { createStore } from 'zustand/vanilla'
import type { RunEvent } from '#runtime/engine/events.ts'
import { foldEvent, type LiveRun } from './live-run.ts'

type Shown = { run: LiveRun; number: number }
export type LiveState = { run: LiveRun | undefined; number: number | undefined }

/** Holds the run that the canvas shows; each node on the canvas subscribes to its own part. */
export const createLiveStore = () => {
  const store = createStore<LiveState>(() => ({ run: undefined, number: undefined }))
  /** Counts what was asked to be shown: an answer that comes after a later question is dropped. */
  let asked = 0
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    /** Shows a run from its beginning, or as far as it is known. */
    show: (run: LiveRun | undefined, number?: number) => {
      asked += 1
      store.setState({ run, number })
    },
    /** Shows what is read, or fails as the reading does; but neither once something else was asked to be shown. */
    load: async (read: () => Promise<Shown>): Promise<void> => {
      asked += 1
      const mine = asked
      try {
        const { run, number } = await read()
        if (mine === asked) store.setState({ run, number })
      } catch (failed) {
        if (mine === asked) throw failed
      }
    },
    /** What a run has become, if it is still the one that is shown. */
    renew: ({ run, number }: Shown) => {
      if (store.getState().run?.id === run.id) store.setState({ run, number })
    },
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
