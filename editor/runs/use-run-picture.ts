import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { RunDetail } from '#server/api.ts'
import { keys } from '../api/keys.ts'
import { followRun } from '../api/run-events.ts'
import { hasEnded } from '../api/runs.ts'
import { type LiveRun, runFromDetail, startedRun } from '../run-dock/live-run.ts'
import { createLiveStore } from '../run-dock/live-store.ts'

/** A run as it is: read from the server when it has ended, followed event by event while it goes on. */
export const useRunPicture = (detail: RunDetail): LiveRun => {
  const client = useQueryClient()
  const [live] = useState(createLiveStore)
  const followed = useStore(live, (state) => state.run)
  const { id } = detail
  const ended = hasEnded(detail.status)
  useEffect(() => {
    if (ended) return
    live.show(startedRun(id, {}))
    const readAgain = () => void client.invalidateQueries({ queryKey: keys.run(id) })
    return followRun(id, {
      onEvents: (events) => {
        live.take(id, events)
        if (events.some((event) => event.type === 'run-end')) readAgain()
      },
      onRefused: readAgain,
    })
  }, [live, id, ended, client])
  return ended || !followed ? runFromDetail(detail) : followed
}
