import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { JobEventRecord, JobInfo } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'
import { usePages } from './pages.ts'

export type JobState = JobInfo['state']
const path = (id: string) => `/api/jobs/${encodeURIComponent(id)}`

/** Whether a job still waits or works. */
export const goesOn = ({ state }: Pick<JobInfo, 'state'>): boolean => state === 'queued' || state === 'leased'

/** Newest first. Asks again every 2 s while one of the listed jobs goes on, else now and then for new ones. */
export const useJobs = (state?: JobState) =>
  usePages<JobInfo>({
    key: keys.jobList(state),
    path: '/api/jobs',
    query: { state },
    refetchInterval: (jobs) => (jobs.some(goesOn) ? 2_000 : 10_000),
  })

export const useJob = (id: string | undefined) =>
  useQuery({
    queryKey: keys.job(id ?? ''),
    enabled: id !== undefined,
    queryFn: ({ signal }) => call<JobInfo>('GET', path(id ?? ''), { signal }),
    refetchInterval: ({ state }) => (state.data && !goesOn(state.data) ? false : 2_000),
  })

/** What the workers of a job reported, oldest first. */
export const useJobEvents = (id: string, live: boolean) =>
  usePages<JobEventRecord>({
    key: keys.jobEvents(id),
    path: `${path(id)}/events`,
    query: { limit: 200 },
    refetchInterval: () => (live ? 3_000 : false),
  })

export const useCancelJob = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call<unknown>('POST', `${path(id)}/cancel`),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.jobs }),
  })
}
