import { createStore } from 'zustand'

/** What became of the last upload of a field. */
export type UploadState = { busy: boolean; error?: unknown }

/**
 * Uploads of an open pipeline, by the field that asked. They belong to the pipeline and not to the field on screen, which goes
 * when another node is selected, while an upload goes on and may fail.
 */
export const createUploads = () => {
  const state = createStore<Readonly<Record<string, UploadState>>>(() => ({}))
  const over = new AbortController()
  const isBusy = () => Object.values(state.getState()).some(({ busy }) => busy)
  return {
    state,
    isBusy,
    /** Does the work unless one of this key goes on; it is to stop when the signal aborts. */
    run: async (key: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> => {
      if (state.getState()[key]?.busy) return
      state.setState({ [key]: { busy: true } })
      try {
        await work(over.signal)
        state.setState({ [key]: { busy: false } })
      } catch (error) {
        state.setState({ [key]: { busy: false, error } })
      }
    },
    /** Ends all of them; what they would have changed is not changed any more. */
    stop: () => over.abort(new Error('The pipeline was closed.')),
  }
}
