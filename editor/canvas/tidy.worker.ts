import { graphlib, layout } from '@dagrejs/dagre'
import type { TidyRequest } from './tidy.ts'

/** Lays a pipeline out from left to right, away from the thread that draws. */
self.onmessage = ({ data }: MessageEvent<TidyRequest>) => {
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 72, ranker: 'network-simplex' })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, width, height } of data.nodes) graph.setNode(id, { width, height })
  for (const [index, { from, to }] of data.edges.entries()) graph.setEdge(from, to, {}, String(index))
  layout(graph)
  const places = data.nodes.map(({ id, width, height }) => {
    const { x, y } = graph.node(id) as { x: number; y: number }
    return [id, [x - width / 2, y - height / 2]]
  })
  self.postMessage(places)
}
