import { useQuery } from '@tanstack/react-query'
import type { Catalogue, CatalogueEntry } from '#nodes/define.ts'
import type { ModelInfo } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

/** Node types by name. They only change with a new version of the server. */
export const useCatalogue = () =>
  useQuery({
    queryKey: keys.catalogue,
    queryFn: ({ signal }) => call<Catalogue>('GET', '/api/catalogue', { signal }),
    select: byType,
    staleTime: Number.POSITIVE_INFINITY,
  })

// Outside the hook, so that the map is built once per answer.
const byType = (catalogue: Catalogue): ReadonlyMap<string, CatalogueEntry> =>
  new Map(catalogue.map((entry) => [entry.type, entry]))

export const useModels = () =>
  useQuery({
    queryKey: keys.models,
    queryFn: ({ signal }) => call<readonly ModelInfo[]>('GET', '/api/models', { signal }),
    staleTime: 30_000,
  })
