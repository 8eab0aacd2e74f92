import { useEffect, useState } from 'react'
import { useT } from '../i18n/index.tsx'
import { Meter } from '../ui/meter.tsx'

/** Where a room's code is on its way; shown only after 300 ms. */
export const Loading = () => {
  const t = useT()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="grid h-full place-items-center">{late && <Meter name={t('ui.loading')} className="w-40" />}</div>
  )
}
