import type { CatalogueEntry } from '#nodes/define.ts'
import type { ComputedPorts, Kind, PortInfo } from '#nodes/ports.ts'

/** What a picture needs of a pipeline: a summary's shape, or a whole document. */
export type Shape = {
  nodes: readonly { id: string; type: string; at: readonly [number, number]; config?: Record<string, unknown> }[]
  edges: readonly { from: string; to: string }[]
}
export type PictureNode = { id: string; icon: string; kind: Kind; x: number; y: number }
export type PictureCable = { from: string; to: string; kind: Kind; items: boolean }
export type Picture = { nodes: PictureNode[]; cables: PictureCable[] }

const end = (ref: string) => {
  const dot = ref.indexOf('.')
  return { node: ref.slice(0, dot), port: ref.slice(dot + 1) }
}

/** A port by name. A shape without configs knows a computed port's rule, though not always its kind. */
const portOf = (ports: ComputedPorts, name: string, config: Record<string, unknown> = {}): PortInfo | undefined => {
  const fixed = ports.fixed[name]
  if (fixed) return fixed
  for (const rule of ports.rules) {
    const value = config[rule.key]
    switch (rule.rule) {
      case 'fromKind':
        if (rule.name === name) return { ...rule.port, kind: (value as Kind | undefined) ?? 'any' }
        break
      case 'fromFields':
        return { ...rule.port, kind: (value as Record<string, Kind> | undefined)?.[name] ?? 'any' }
      default:
        return rule.port
    }
  }
  return undefined
}

/** Works out the hues and double cables of a pipeline's small picture: the zoomed-out form of its canvas. */
export const pictureOf = (shape: Shape, catalogue: ReadonlyMap<string, CatalogueEntry>): Picture => {
  const drawn = shape.nodes.filter((node) => !catalogue.get(node.type)?.annotation)
  const byId = new Map(drawn.map((node) => [node.id, node]))
  const edges = shape.edges
    .map((edge) => ({ from: end(edge.from), to: end(edge.to) }))
    .filter((edge) => byId.has(edge.from.node) && byId.has(edge.to.node))

  const port = (ref: { node: string; port: string }, side: 'inputs' | 'outputs') => {
    const node = byId.get(ref.node)
    const entry = node && catalogue.get(node.type)
    return entry && portOf(entry[side], ref.port, node.config)
  }
  const kindOut = (from: { node: string; port: string }, seen: readonly string[] = []): Kind => {
    const output = port(from, 'outputs')
    if (!output?.sameAs || seen.includes(from.node)) return output?.kind ?? 'any'
    const source = edges.find((edge) => edge.to.node === from.node && edge.to.port === output.sameAs)
    return source ? kindOut(source.from, [...seen, from.node]) : output.kind
  }
  const depths = new Map<string, number>()
  const depthOf = (node: string): number => {
    const known = depths.get(node)
    if (known !== undefined) return known
    depths.set(node, 0)
    const arriving = edges
      .filter((edge) => edge.to.node === node)
      .map((edge) => depthOut(edge.from) - (port(edge.to, 'inputs')?.each ? 1 : 0))
    const depth = Math.max(0, ...arriving)
    depths.set(node, depth)
    return depth
  }
  const depthOut = (from: { node: string; port: string }): number =>
    depthOf(from.node) + (port(from, 'outputs')?.each ? 1 : 0)

  const cables = edges.map(({ from, to }): PictureCable => {
    const kind = kindOut(from)
    const known = kind === 'any' ? (port(to, 'inputs')?.kind ?? 'any') : kind
    return { from: from.node, to: to.node, kind: known, items: depthOut(from) > 0 }
  })
  const nodes = drawn.map(({ id, type, at: [x, y] }): PictureNode => {
    const entry = catalogue.get(type)
    const [main] = Object.keys(entry?.outputs.fixed ?? {})
    const own = main ? kindOut({ node: id, port: main }) : 'any'
    const kind = own === 'any' ? (cables.find((cable) => cable.from === id)?.kind ?? lastKind(cables, id)) : own
    return { id, icon: entry?.icon ?? 'circle-question-mark', kind, x, y }
  })
  return { nodes, cables }
}

/** A node without outputs wears the colour of what it takes. */
const lastKind = (cables: readonly PictureCable[], id: string): Kind =>
  cables.find((cable) => cable.to === id)?.kind ?? 'any'
