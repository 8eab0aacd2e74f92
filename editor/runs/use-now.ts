import { useEffect, useState } from 'react'

/** The time, four times a second while it matters; else as it was. */
export const useNow = (goesOn: boolean): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!goesOn) return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [goesOn])
  return now
}
