import type { Point } from '../document/edits.ts'

type Standing = { id: string; at: Point; size: Point }

const middle = ({ at, size }: Standing): Point => [at[0] + size[0] / 2, at[1] + size[1] / 2]

/** The node that lies next in a direction: near, and rather straight ahead than aside. Without a start, the leftmost. */
export const neighbour = (
  nodes: readonly Standing[],
  from: string | undefined,
  direction: Point,
): string | undefined => {
  const start = nodes.find((node) => node.id === from)
  if (!start) return nodes.toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])[0]?.id
  const [x, y] = middle(start)
  const ranked = nodes.flatMap((node) => {
    if (node.id === from) return []
    const [dx, dy] = [middle(node)[0] - x, middle(node)[1] - y]
    const ahead = dx * direction[0] + dy * direction[1]
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0])
    return ahead > 0 && aside < ahead * 3 ? [{ id: node.id, far: ahead + aside * 2 }] : []
  })
  return ranked.sort((a, b) => a.far - b.far)[0]?.id
}
