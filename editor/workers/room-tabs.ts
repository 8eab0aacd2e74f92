import { useT } from '../i18n/index.tsx'

/** Workers and what they work on are two lists of one room. */
export const useRoomTabs = (open: 'workers' | 'jobs') => {
  const t = useT()
  return [
    { path: '/workers', label: t('shell.workers'), open: open === 'workers' },
    { path: '/jobs', label: t('shell.jobs'), open: open === 'jobs' },
  ]
}
