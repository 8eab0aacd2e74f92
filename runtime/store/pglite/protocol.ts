/** `lane` 0 is outside any transaction; other lanes hold the one connection from their `begin` to their `end`. */
export type Request =
  | { id: number; lane: number; op: 'query'; sql: string; params: readonly unknown[] }
  | { id: number; lane: number; op: 'begin' }
  | { id: number; lane: number; op: 'commit' | 'rollback' }
  | { id: number; lane: 0; op: 'listen' | 'unlisten'; channel: string }
  | { id: number; lane: 0; op: 'maintain' }
  | { id: number; lane: 0; op: 'fsyncs' }
  | { id: number; lane: 0; op: 'close' }

export type Reply =
  | { id: number; rows: Record<string, unknown>[] }
  | { id: number; error: { code: string; message: string; detail?: string; constraint?: string } }
  | { channel: string; payload: string }
  | { ready: true }

export type WorkerSettings = { folder: string | null }
