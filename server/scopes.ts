import type { Scope } from '#runtime/store/api-keys.ts'

export { type Scope, scopes } from '#runtime/store/api-keys.ts'

const rank: Record<Scope, number> = { serve: 0, run: 1, edit: 2, admin: 3 }

/**
 * `admin` may do everything; `edit` changes pipelines and does what `run` does; `run` starts runs and reads; `serve`
 * calls what is published (webhooks and `/v1`) and nothing else.
 */
export const allows = (held: Scope, needed: Scope): boolean => rank[held] >= rank[needed]
