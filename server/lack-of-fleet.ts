import type { Fleet } from '#runtime/dispatch/fleet.ts'
import type { JobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import { type JobLack, lackOf, spaceOf } from '#runtime/dispatch/jobs/lacks.ts'
import type { JobNeeds } from '#runtime/dispatch/protocol.ts'

/**
 * What no worker that is there has. What it asked with last counts beside what it offers: one that hands jobs on to a cluster
 * has more than its own machine.
 */
export const lackOfFleet =
  ({ fleet, jobs }: { fleet: Pick<Fleet, 'list'>; jobs: Pick<JobDispatcher, 'asked'> }) =>
  (workspace: string, needs: JobNeeds): JobLack | undefined =>
    lackOf(
      fleet.list(workspace).flatMap(({ id, state, offer }) => {
        if (state !== 'ready' || offer === null) return []
        const own = spaceOf(offer)
        const { gpus, memory } = jobs.asked(id) ?? own
        const { capabilities } = offer
        return [{ capabilities, gpus: Math.max(own.gpus, gpus), memory: Math.max(own.memory, memory) }]
      }),
      needs,
    )
