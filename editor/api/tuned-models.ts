import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TunedModelInfo } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'
import { usePages } from './pages.ts'

export const useTunedModels = () => usePages<TunedModelInfo>({ key: keys.tunedModels, path: '/api/models/tuned' })

export const useDeleteTunedModel = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => call<void>('DELETE', `/api/models/tuned/${encodeURIComponent(name)}`),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.tunedModels }),
        client.invalidateQueries({ queryKey: keys.models }),
      ]),
  })
}
