import { useEffect, useState } from 'react'
import { duration } from '../i18n/format.ts'

/** The time since a moment, in whole seconds, drawn once a second. */
export const Ticking = ({ since }: { since: number }) => {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <span>{duration(Math.max(0, Math.floor((now - since) / 1_000) * 1_000))}</span>
}
