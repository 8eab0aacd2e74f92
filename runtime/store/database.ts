/** Runs SQL with `$1`-style parameters; rows come back as plain objects. jsonb and json columns arrive parsed. */
export type Query = <Row extends Record<string, unknown>>(sql: string, params?: readonly unknown[]) => Promise<Row[]>

/** One database behind either driver: PGlite in a worker thread, or PostgreSQL. Hot statements are raw SQL through `query`. */
export type Database = {
  driver: 'pglite' | 'postgres'
  query: Query
  /** Never use the outer database inside `work`: PGlite has one connection and would wait for itself. */
  transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>
  /** Hints only (NOTIFY); polling is the backstop. Returns a function that stops listening. */
  listen: (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>
  close: () => Promise<void>
}
