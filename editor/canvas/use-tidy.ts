import { useDesk } from '../document/desk.ts'
import { cornerOf } from '../document/fragment.ts'
import { splitRef } from '../document/rules.ts'
import { useSight } from './flow-sight.tsx'
import { layOut, settle } from './tidy.ts'

/** Lays out what is selected, or all of it. One step of undo. */
export const useTidy = () => {
  const desk = useDesk()
  const sight = useSight()
  return async (): Promise<void> => {
    const { document } = desk.store.getState()
    const selected = desk.view.getState().nodes
    const nodes = document.nodes.filter(
      (node) => (selected.size < 2 || selected.has(node.id)) && !desk.catalogue.get(node.type)?.annotation,
    )
    if (nodes.length < 2) return
    const known = new Set(nodes.map((node) => node.id))
    const edges = document.edges
      .map((edge) => ({ from: splitRef(edge.from).node, to: splitRef(edge.to).node }))
      .filter((edge) => known.has(edge.from) && known.has(edge.to))
    const places = await layOut({
      nodes: nodes.map(({ id }) => ({ id, width: sight.sizeOf(id)[0], height: sight.sizeOf(id)[1] })),
      edges,
    })
    desk.move(settle(places, cornerOf(nodes), edges))
    if (selected.size < 2) requestAnimationFrame(sight.fit)
  }
}
