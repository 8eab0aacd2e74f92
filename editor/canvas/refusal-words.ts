import { useMemo } from 'react'
import { useDesk } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { useFindingWords } from '../problems/finding-words.ts'
import { giverOf, type Refusal } from './judge-wire.ts'

/** Why a wire is refused, and what would help. */
export const useRefusalWords = (): ((refusal: Refusal) => { why: string; fix?: string }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const finding = useFindingWords()
  return useMemo(
    () => (refusal) => {
      switch (refusal.code) {
        case 'kind': {
          const why = t('canvas.refused-kind', { to: t(`ui.kind-${refusal.to}`), from: t(`ui.kind-${refusal.from}`) })
          const entry = refusal.bridge && desk.catalogue.get(refusal.bridge.type)
          if (entry) return { why, fix: t('canvas.refused-bridge', { node: local(entry.title) }) }
          const source = giverOf(desk.catalogue, refusal.to)
          return source ? { why, fix: t('canvas.refused-source', { node: local(source.title) }) } : { why }
        }
        case 'finding':
          return { why: finding(refusal.finding).text }
        default:
          return { why: t(`canvas.refused-${refusal.code}`), fix: t(`canvas.refused-${refusal.code}-fix`) }
      }
    },
    [t, local, desk, finding],
  )
}
