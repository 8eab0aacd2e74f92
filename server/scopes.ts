export const scopes = ['admin', 'edit', 'run', 'serve'] as const
/**
 * What a key may do: `admin` everything; `edit` change pipelines and what `run` may; `run` start runs and read;
 * `serve` call what is published (webhooks and `/v1`) and nothing else.
 */
export type Scope = (typeof scopes)[number]

const rank: Record<Scope, number> = { serve: 0, run: 1, edit: 2, admin: 3 }

/** Scopes contain each other: whoever may edit may run. */
export const allows = (held: readonly Scope[], needed: Scope): boolean =>
  held.some((scope) => rank[scope] >= rank[needed])
