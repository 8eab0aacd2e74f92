import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { RunDetail, StepRecord } from '#server/api.ts'
import { call } from './client.ts'
import { keys, type RunFilter } from './keys.ts'
import { usePages } from './pages.ts'

const path = (id: string) => `/api/runs/${encodeURIComponent(id)}`

/** Whether a run will never change again. */
export const hasEnded = (status: RunRecord['status']): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled'

/** Newest first. Asks again every 2 s while one of the listed runs goes on. */
export const useRuns = (filter: RunFilter = {}) =>
  usePages<RunRecord>({
    key: keys.runList(filter),
    path: '/api/runs',
    query: filter,
    refetchInterval: (runs) => (runs.some((run) => !hasEnded(run.status)) ? 2_000 : false),
  })

export const useRun = (id: string) =>
  useQuery({ queryKey: keys.run(id), queryFn: ({ signal }) => call<RunDetail>('GET', path(id), { signal }) })

/** Items of a mapped node, by position. */
export const useSteps = (run: string, node: string, enabled = true) =>
  usePages<StepRecord>({ key: keys.steps(run, node), path: `${path(run)}/steps`, query: { node, limit: 200 }, enabled })

/** `revision`: the draft that is meant; another one is refused as `revision-conflict`. */
export type StartRun = { pipeline: string; input: Record<string, unknown>; version?: number; revision?: number }

export const startRun = ({ pipeline, input, version, revision }: StartRun) =>
  call<{ id: string }>('POST', `/api/pipelines/${encodeURIComponent(pipeline)}/runs`, {
    body: { input, ...(version !== undefined && { version }), ...(revision !== undefined && { revision }) },
  })
export const cancelRun = (id: string) => call<unknown>('POST', `${path(id)}/cancel`)

export const useStartRun = () => {
  const client = useQueryClient()
  return useMutation({ mutationFn: startRun, onSuccess: () => client.invalidateQueries({ queryKey: keys.runs }) })
}

export const useCancelRun = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: cancelRun,
    onSuccess: (_, id) => client.invalidateQueries({ queryKey: keys.run(id) }),
  })
}
