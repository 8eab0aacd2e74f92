import { useEffect, useState } from 'react'
import { duration } from '../i18n/format.ts'

type Times = { startedAt: string | null; endedAt: string | null }

/** How long a run took, or has taken so far: then it counts on, once a second. */
export const RunTook = ({ startedAt, endedAt }: Times) => {
  const [now, setNow] = useState(Date.now)
  const goes = startedAt !== null && endedAt === null
  useEffect(() => {
    if (!goes) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [goes])
  if (startedAt === null) return '–'
  return duration(Math.max(0, (endedAt ? Date.parse(endedAt) : now) - Date.parse(startedAt)))
}
