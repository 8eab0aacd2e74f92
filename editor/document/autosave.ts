import { createStore } from 'zustand/vanilla'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Keep, Kept } from './keep.ts'
import { isSameDocument } from './same-document.ts'
import type { DocumentStore } from './store.ts'

/** What the server holds; `at` is when it was saved, ISO 8601. */
export type Theirs = { document: PipelineDocument; revision: number; at?: string }
export type SaveState =
  | { status: 'saved' }
  | { status: 'unsaved' }
  | { status: 'saving' }
  /** Not sent yet; `kept` says whether the browser could keep it. */
  | { status: 'offline'; kept: boolean }
  /** Someone else saved first. Nothing is sent until the person chooses. */
  | { status: 'conflict'; theirs: Theirs }
  /** The server will not take this document as it is. */
  | { status: 'refused'; error: Error }

export type PutResult =
  | { kind: 'saved'; revision: number }
  | { kind: 'conflict'; theirs: Theirs }
  | { kind: 'refused'; error: Error }
  | { kind: 'unreachable' }

export type AutosaveDependencies = {
  store: DocumentStore
  revision: number
  put: (document: PipelineDocument, revision: number, leaving: boolean) => Promise<PutResult>
  keep: Pick<Keep, 'write' | 'clear' | 'holds'>
  now?: () => number
}

/** Milliseconds of quiet before a save, and the pauses before a save is tried again without a connection. */
const quiet = 600
const pauses = [2_000, 5_000, 15_000, 30_000] as const

/** Saves the document after each pause in editing and says at every moment where the edits are. */
export const createAutosave = ({ store, revision, put, keep, now = Date.now }: AutosaveDependencies) => {
  const state = createStore<SaveState>(() => ({ status: 'saved' }))
  let base = revision
  let saved = store.getState().document
  let timer: ReturnType<typeof setTimeout> | undefined
  let flight: Promise<void> | undefined
  /** Sent on `base`, never answered: the server may hold one of them. */
  let unanswered: PipelineDocument[] = []
  let failures = 0
  let closed = false
  const set = (next: SaveState) => state.setState(next, true)
  const held = () => ['conflict', 'refused'].includes(state.getState().status)
  const isSent = () => store.getState().document === saved && unanswered.length === 0
  const keepNow = () => keep.write({ document: store.getState().document, revision: base, at: now() })
  const later = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void save(), ms)
  }

  /** The last save of a closed desk: what is kept may by now belong to whoever opened the pipeline next. */
  const conclude = (result: PutResult, sent: PipelineDocument): void => {
    if (result.kind !== 'saved') return
    base = result.revision
    saved = sent
    const { document } = store.getState()
    if (!keep.holds(document)) return
    if (document === sent) return keep.clear()
    // That save was on its way when the desk was closed: the edits after it go now, once.
    keepNow()
    void save()
  }
  const take = (result: PutResult, sent: PipelineDocument): void => {
    if (closed) return conclude(result, sent)
    switch (result.kind) {
      case 'saved': {
        failures = 0
        base = result.revision
        saved = sent
        unanswered = []
        if (store.getState().document === sent) {
          keep.clear()
          return set({ status: 'saved' })
        }
        keepNow()
        set({ status: 'unsaved' })
        return later(quiet)
      }
      case 'conflict':
        if (unanswered.some((one) => isSameDocument(one, result.theirs.document))) {
          // That save arrived, only its answer did not: nobody else saved.
          unanswered = []
          base = result.theirs.revision
          saved = result.theirs.document
          keepNow()
          set({ status: 'unsaved' })
          return void save()
        }
        keepNow()
        return set({ status: 'conflict', theirs: result.theirs })
      case 'refused':
        keepNow()
        return set({ status: 'refused', error: result.error })
      case 'unreachable':
        if (!unanswered.includes(sent)) unanswered.push(sent)
        set({ status: 'offline', kept: keepNow() })
        later(pauses[Math.min(failures, pauses.length - 1)] ?? quiet)
        failures += 1
    }
  }
  const save = async (leaving = false): Promise<void> => {
    clearTimeout(timer)
    const sent = store.getState().document
    if (flight || isSent() || state.getState().status === 'conflict') return flight
    if (state.getState().status !== 'offline') set({ status: 'saving' })
    flight = put(sent, base, leaving)
      .catch((): PutResult => ({ kind: 'unreachable' }))
      .then((result) => {
        flight = undefined
        take(result, sent)
      })
    return flight
  }
  const stop = store.subscribe(({ document }, before) => {
    if (document === before.document) return
    const { status } = state.getState()
    if (isSent() && !flight && status !== 'conflict') {
      clearTimeout(timer)
      keep.clear()
      return set({ status: 'saved' })
    }
    keepNow()
    if (status === 'conflict') return
    if (status !== 'saving' && status !== 'offline') set({ status: 'unsaved' })
    if (!flight) later(quiet)
  })

  return {
    state,
    revision: () => base,
    /** Sends what is unsaved at once: before a run, or when the connection is back. */
    flush: async (): Promise<boolean> => {
      // A save that is on its way may carry an older document: once it is answered, the rest is sent.
      if (flight) await flight
      await save()
      return isSent()
    },
    /** The page goes away: keeps the edits here and sends them without waiting. */
    leave: (): void => {
      if (isSent()) return
      keepNow()
      if (!held()) void save(true)
    },
    /**
     * Starts from edits that were kept in the browser. Made on the revision that the server holds they are unsaved; made on
     * another one they are in conflict, and keep that revision until the person chooses: over any number of reloads.
     */
    restore: ({ document, revision }: Pick<Kept, 'document' | 'revision'>, at?: string): void => {
      if (revision !== base) {
        set({ status: 'conflict', theirs: { document: saved, revision: base, ...(at !== undefined && { at }) } })
        base = revision
      }
      store.edit(() => document)
    },
    /** The person chose their own edits over the other ones. */
    keepMine: (): void => {
      const now = state.getState()
      if (closed || now.status !== 'conflict') return
      base = now.theirs.revision
      saved = now.theirs.document
      unanswered = []
      keepNow()
      set({ status: 'unsaved' })
      void save()
    },
    /** Takes a document that the server holds already. */
    takeTheirs: (theirs: Theirs): void => {
      if (closed) return
      base = theirs.revision
      saved = theirs.document
      unanswered = []
      clearTimeout(timer)
      store.load(theirs.document)
      keep.clear()
      set({ status: 'saved' })
    },
    /** The desk is closed while the page stays: sends what is unsaved once, and never again. */
    stop: (): void => {
      stop()
      if (!isSent() && !held()) void save()
      clearTimeout(timer)
      closed = true
    },
  }
}
export type Autosave = ReturnType<typeof createAutosave>
