import { useEffect } from 'react'

/**
 * Names the browser's tab after what is on screen, the narrowest first.
 * @example useTitle('#214', t('shell.runs')) // #214 · Runs · Patchbay
 */
export const useTitle = (...parts: readonly (string | undefined)[]): void => {
  const title = [...parts, 'Patchbay'].filter(Boolean).join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
