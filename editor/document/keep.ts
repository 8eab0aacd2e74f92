import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { isSameDocument } from './same-document.ts'

/** Edits that the server does not have yet, with the revision they were made on. */
export type Kept = { document: PipelineDocument; revision: number; at: number }

/** Keeps unsaved edits in the browser, one place per pipeline and tab, so that two tabs never overwrite each other's. */
export type Keep = {
  write: (kept: Kept) => boolean
  clear: () => void
  /** Whether this document is what is kept. */
  holds: (document: PipelineDocument) => boolean
  /** This tab's own edits, else the newest that a tab which is gone left behind. */
  find: () => Promise<Kept | undefined>
}

const prefix = 'patchbay.kept.'

const tabName = (storage: Storage): string => {
  const known = storage.getItem('patchbay.tab')
  // Not randomUUID: browsers have that on https and on this machine only.
  const name = known ?? [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16)).join('')
  try {
    if (!known) storage.setItem('patchbay.tab', name)
  } catch {
    // A full storage: the next page takes another name.
  }
  return name
}

const parse = (text: string | null): Kept | undefined => {
  if (text === null) return undefined
  try {
    const found = JSON.parse(text) as Kept
    return found.document?.format === 'patchbay/1' && typeof found.revision === 'number' ? found : undefined
  } catch {
    return undefined
  }
}

/** Tells other tabs that this one lives, and which of them do. */
const aliveTabs = async (): Promise<Set<string>> => {
  const state = await navigator.locks?.query()
  return new Set((state?.held ?? []).flatMap((lock) => (lock.name?.startsWith(prefix) ? [lock.name] : [])))
}

export const browserKeep = (
  pipeline: string,
  tab: string,
  storage: Storage = localStorage,
  alive: () => Promise<Set<string>> = aliveTabs,
): Keep => {
  const own = `${prefix}${pipeline}.${tab}`
  const others = async (): Promise<string[]> => {
    const living = await alive()
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    return keys.filter((key) => key.startsWith(`${prefix}${pipeline}.`) && key !== own && !living.has(key))
  }
  return {
    write: (kept) => {
      try {
        storage.setItem(own, JSON.stringify(kept))
        return true
      } catch {
        return false
      }
    },
    clear: () => storage.removeItem(own),
    holds: (document) => {
      const kept = parse(storage.getItem(own))
      return kept !== undefined && isSameDocument(kept.document, document)
    },
    find: async () => {
      const mine = parse(storage.getItem(own))
      if (mine) return mine
      const left = (await others())
        .flatMap((key) => {
          const kept = parse(storage.getItem(key))
          return kept ? [{ key, kept }] : []
        })
        .sort((a, b) => b.kept.at - a.kept.at)[0]
      if (!left) return undefined
      try {
        storage.setItem(own, JSON.stringify(left.kept))
        storage.removeItem(left.key)
      } catch {
        // A full storage: it stays where it is until it is saved.
      }
      return left.kept
    },
  }
}

/** How long a lock may take that a closing page or desk of this tab still holds, in milliseconds. */
const patience = 500

const hold = (name: string, signal: AbortSignal): Promise<boolean> =>
  new Promise((told) => {
    const until = () => {
      told(true)
      if (signal.aborted) return
      return new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
    }
    navigator.locks.request(name, { signal: AbortSignal.timeout(patience) }, until).catch(() => told(false))
  })

/**
 * Holds the lock that says this tab lives, until `signal` aborts; answers the tab's name. A duplicated tab comes with the
 * name of the one it was made of, which holds the lock: it takes a new name, before anything is kept under the old one.
 */
export const holdTab = async (pipeline: string, signal: AbortSignal): Promise<string> => {
  const known = tabName(sessionStorage)
  // Browsers have locks on https and on this machine only.
  if (!navigator.locks || (await hold(`${prefix}${pipeline}.${known}`, signal))) return known
  sessionStorage.removeItem('patchbay.tab')
  const name = tabName(sessionStorage)
  await hold(`${prefix}${pipeline}.${name}`, signal)
  return name
}
