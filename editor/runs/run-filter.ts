import { useLocation, useSearch } from 'wouter'
import type { RunStatus } from '#runtime/engine/events.ts'
import type { RunFilter } from '../api/keys.ts'

export const filterStatuses = ['all', 'running', 'succeeded', 'failed', 'cancelled'] as const satisfies readonly (
  | RunStatus
  | 'all'
)[]
export type FilterStatus = (typeof filterStatuses)[number]

/** The filter lives in the address, so that it survives a reload and can be sent to someone. */
export const useRunFilter = () => {
  const search = new URLSearchParams(useSearch())
  const [location, go] = useLocation()
  const status = filterStatuses.find((known) => known === search.get('status')) ?? 'all'
  const pipeline = search.get('pipeline')
  const filter: RunFilter = { ...(pipeline && { pipeline }), ...(status !== 'all' && { status }) }
  const change = (key: 'status' | 'pipeline', value: string) => {
    const next = new URLSearchParams(search)
    if (value === 'all') next.delete(key)
    else next.set(key, value)
    const query = next.toString()
    go(query ? `${location}?${query}` : location, { replace: true })
  }
  const clear = () => go(location, { replace: true })
  return { filter, status, pipeline: pipeline ?? 'all', change, clear }
}
