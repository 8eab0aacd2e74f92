import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { CatalogueMap } from '../document/wiring.ts'

const nodeOf = (ref: string) => ref.slice(0, ref.indexOf('.'))

/** The shortest way through a pipeline, from a node that nothing enters to one that nothing leaves. */
export const mainPath = (document: PipelineDocument, catalogue: CatalogueMap): string[] => {
  const drawn = document.nodes.filter((node) => !catalogue.get(node.type)?.annotation).map((node) => node.id)
  const next = (id: string) => document.edges.filter((edge) => nodeOf(edge.from) === id).map((edge) => nodeOf(edge.to))
  const entered = new Set(document.edges.map((edge) => nodeOf(edge.to)))
  const starts = drawn.filter((id) => !entered.has(id))
  const seen = new Set(starts)
  const ways = starts.map((id) => [id])
  for (let way = ways.shift(); way; way = ways.shift()) {
    const following = next(way.at(-1) as string)
    if (following.length === 0 && way.length > 1) return way
    for (const id of following) {
      if (seen.has(id)) continue
      seen.add(id)
      ways.push([...way, id])
    }
  }
  return drawn.slice(0, 1)
}
