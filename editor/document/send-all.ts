import type { Autosave } from './autosave.ts'

/** Why the server does not hold what is on screen. */
export type Unsent = 'conflict' | 'refused' | 'offline' | 'unsaved'

/** The same, or `changed`: another draft was saved elsewhere, which is on screen since. */
export type Refusal = Unsent | 'changed'

/** The server does not hold what is on screen, so nothing was done with it. */
export class UnsentError extends Error {
  readonly why: Refusal
  constructor(why: Refusal) {
    super(`The draft on the server is not the one on screen: ${why}.`)
    this.why = why
  }
}

/**
 * Has the server hold what is on screen; answers what stands in the way where it cannot. Who runs or publishes the
 * draft asks this first: the server knows no other document than its own.
 */
export const sendAll = async (autosave: Autosave): Promise<Unsent | undefined> => {
  // Someone who goes on typing makes newer edits while the older ones are on their way.
  for (let round = 0; round < 3; round += 1) {
    if (autosave.state.getState().status !== 'conflict' && (await autosave.flush())) return undefined
    const { status } = autosave.state.getState()
    if (status === 'conflict' || status === 'refused' || status === 'offline') return status
  }
  return 'unsaved'
}
