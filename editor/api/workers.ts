import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Page, WaitingModel, WorkerInfo } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'

const path = (id: string) => `/api/workers/${encodeURIComponent(id)}`
/** Workers beat every 5 s; what is seen of them is younger than that. */
const lookEvery = 2_000

/** Every worker of the workspace, by name. The server keeps all of them in memory: it is one page. */
export const useWorkers = () =>
  useQuery({
    queryKey: keys.workers,
    queryFn: ({ signal }) => call<Page<WorkerInfo>>('GET', '/api/workers', { signal }),
    select: (page) => page.items,
    refetchInterval: lookEvery,
  })

/** What waits for a model, and why. */
export const useQueue = () =>
  useQuery({
    queryKey: keys.queue,
    queryFn: ({ signal }) => call<{ items: WaitingModel[] }>('GET', '/api/workers/queue', { signal }),
    select: (page) => page.items,
    refetchInterval: lookEvery,
  })

/** A token that lets one worker in, once. */
export const useInviteWorker = () =>
  useMutation({ mutationFn: () => call<{ token: string; expiresAt: string }>('POST', '/api/workers') })

const useChange = <Input>(send: (input: Input) => Promise<void>) => {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: keys.workers }) })
}
export const useDrainWorker = () =>
  useChange(({ id, drain }: { id: string; drain: boolean }) =>
    call<void>('POST', `${path(id)}/${drain ? 'drain' : 'resume'}`),
  )
export const useRemoveWorker = () => useChange((id: string) => call<void>('DELETE', path(id)))
