import { useDesk } from '../document/desk.ts'
import { cornerOf } from '../document/fragment.ts'
import { splitRef } from '../document/rules.ts'
import { useSight } from './flow-sight.tsx'
import { layOut, settle } from './tidy.ts'

/** What a run adds below a node at most: a well of a few lines and a foot. Nodes laid out before it leave that room. */
const grown = 240
const growth = 96

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
      nodes: nodes.map(({ id }) => {
        const [width, height] = sight.sizeOf(id)
        return { id, width, height: Math.max(height, Math.min(height + growth, grown)) }
      }),
      edges,
    })
    desk.move(settle(places, cornerOf(nodes), edges))
    if (selected.size < 2) requestAnimationFrame(sight.fit)
  }
}
