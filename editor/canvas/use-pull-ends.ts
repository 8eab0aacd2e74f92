import { useDesk } from '../document/desk.ts'
import type { PulledTo } from './flow.tsx'
import { judgeWire, type PortEnd, targetsOf } from './judge-wire.ts'
import type { RefusedEnds } from './refused-drop.tsx'

/** What happens when a hand takes a cable, and when it lets go where nothing takes it. */
export const usePullEnds = (onRefused: (ends: RefusedEnds | undefined) => void) => {
  const desk = useDesk()
  const graph = () => ({ document: desk.store.getState().document, wiring: desk.wiring(), catalogue: desk.catalogue })
  return {
    onStart: (end: PortEnd, side: 'output' | 'input') => {
      onRefused(undefined)
      desk.view.set({ pulling: { ...end, side, targets: targetsOf(graph(), end, side) }, palette: undefined })
    },
    onEnd: (to: PulledTo | undefined) => {
      const { pulling } = desk.view.getState()
      desk.view.set({ pulling: undefined })
      if (!to || !pulling) return
      const { node, port, side } = pulling
      if (!to.over) return desk.view.set({ palette: { at: to.at, place: to.place, end: { side, node, port } } })
      const [from, goal] = side === 'output' ? [{ node, port }, to.over] : [to.over, { node, port }]
      const verdict = judgeWire(graph(), from, goal, desk.check)
      if (!verdict.ok) onRefused({ from, to: goal, refusal: verdict.refusal, at: to.at, place: to.place })
    },
  }
}
