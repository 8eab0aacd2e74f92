import { useMemo } from 'react'
import { faultWords } from '../api/fault-words.ts'
import { useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { parseFragment } from '../document/parse-fragment.ts'
import { useT } from '../i18n/index.tsx'
import { copyText } from '../ui/clipboard.ts'
import { toast } from '../ui/toaster.tsx'
import { useSight } from './flow-sight.tsx'

/** Copies the selection as JSON and pastes JSON: between tabs, into an editor, into a file. */
export const useClipboard = () => {
  const t = useT()
  const desk = useDesk()
  const sight = useSight()
  return useMemo(() => {
    const text = (): string | undefined => {
      const { nodes } = desk.view.getState()
      return nodes.size === 0 ? undefined : `${JSON.stringify(desk.copy(nodes), undefined, 2)}\n`
    }
    const place = (): Point => {
      const frame = document.querySelector('.desk-canvas')?.getBoundingClientRect()
      const [x, y] = frame ? [frame.x + frame.width / 2 - 180, frame.y + frame.height / 2 - 80] : [0, 0]
      const [px, py] = sight.toPlace([x, y])
      return [Math.round(px / 10) * 10, Math.round(py / 10) * 10]
    }
    const take = (given: string, at: Point = place()): boolean => {
      const read = parseFragment(given)
      if (read.ok) desk.paste(read.fragment, at)
      else {
        const { pointer = '', ...fault } = read.fault ?? { message: '' }
        toast(t('canvas.paste-refused', { reason: [pointer, faultWords(fault, t)].filter(Boolean).join(': ') }))
      }
      return read.ok
    }
    return {
      text,
      take,
      copy: async () => {
        const copied = text()
        if (copied && !(await copyText(copied))) toast(t('ui.copy-failed'))
      },
      paste: async (at?: Point) => {
        const given = await navigator.clipboard?.readText().catch(() => undefined)
        if (given === undefined) toast(t('canvas.paste-by-key'))
        else if (given) take(given, at)
      },
    }
  }, [desk, sight, t])
}
