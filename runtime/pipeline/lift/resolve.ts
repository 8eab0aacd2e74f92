import type { PortInfo } from '#nodes/ports.ts'
import { fits } from '#nodes/rules.ts'
import type { Axes, LiftedEdge, LiftProblem } from './types.ts'
import type { Draft } from './wires.ts'

/** Whether an output may be wired into an input. A port whose kind is not known yet fits everything. */
export const portsFit = (from: PortInfo, to: PortInfo) =>
  from.sameAs === undefined && to.sameAs === undefined ? fits(from.kind, to) : 'same'

/** What an input of the node receives, once known: the kind of its wires, or what they are coerced to. */
const kindOfInput = (draft: Draft, name: string, sources: ReadonlyMap<string, Draft>): PortInfo['kind'] | undefined => {
  const wires = draft.into.get(name)
  const port = draft.inputs.get(name)
  if (!wires || !port) return undefined
  const arriving = new Set(
    wires.map((wire) => {
      const output = sources.get(wire.from.node)?.outputs.get(wire.from.port)
      if (!output || output.sameAs !== undefined) return undefined
      return wire.fit === 'coerced' && port.kind !== 'any' ? port.kind : output.kind
    }),
  )
  if (arriving.has(undefined)) return undefined
  return arriving.size === 1 ? [...arriving][0] : 'any'
}

const settle = (ports: Map<string, PortInfo>, draft: Draft, sources: ReadonlyMap<string, Draft>): void => {
  for (const [name, { sameAs, ...port }] of ports) {
    if (sameAs === undefined) continue
    const kind = kindOfInput(draft, sameAs, sources)
    if (kind !== undefined) ports.set(name, { ...port, kind })
  }
}

const startsWith = (long: Axes, short: Axes): boolean =>
  long === short || (short.length <= long.length && short.every((axis, at) => axis === long[at]))

/** What an input asks of its node's axes: those of its wire, less the one that it ends. */
type Demand = { port: string; axes: Axes; ends: boolean }

/**
 * The axes that the node runs over. An `each` input fixes them: a stream ends where its map began, and all streams of a node
 * began together. Otherwise they are the longest that arrive, and shorter ones broadcast. Without `problem` all inputs agree.
 */
const axesOf = (draft: Draft, demands: readonly Demand[]): { axes: Axes; problem?: LiftProblem } => {
  const deciding = demands.some((demand) => demand.ends) ? demands.filter((demand) => demand.ends) : demands
  const leading = deciding.reduce<Demand | undefined>(
    (best, demand) => (best === undefined || demand.axes.length > best.axes.length ? demand : best),
    undefined,
  )
  if (!leading) return { axes: [] }
  const odd = demands.find(
    ({ axes, ends }) => !startsWith(leading.axes, axes) || (ends && axes.length < leading.axes.length),
  )
  if (!odd) return { axes: leading.axes }
  return {
    axes: leading.axes,
    problem: {
      problem: 'zip-first',
      node: draft.id,
      port: odd.port,
      axes: odd.axes,
      otherPort: leading.port,
      otherAxes: leading.axes,
    },
  }
}

/**
 * Finds kinds and axes of one node whose sources are done. `unsure` holds nodes whose axes are a guess, because something
 * before them is wrong or unknown; what follows from a guess is no problem of its own, nor is what a disabled node receives.
 */
export const resolveNode = (
  draft: Draft,
  sources: ReadonlyMap<string, Draft>,
  loose: ReadonlySet<string>,
  unsure: Set<string>,
  opened: (id: string) => Axes,
): LiftProblem[] => {
  const problems: LiftProblem[] = []
  const demands: Demand[] = []
  let guess = false
  for (const [name, port] of draft.inputs) {
    if (loose.has(`${draft.id}.${name}`)) guess = true
    for (const wire of draft.into.get(name) ?? []) {
      const demand = readWire(wire, port, sources, opened)
      if (unsure.has(wire.from.node)) guess = true
      if (demand) demands.push({ port: name, ...demand })
      else problems.push({ problem: 'needs-stream', edge: wire })
    }
  }
  settle(draft.inputs, draft, sources)
  for (const wires of draft.into.values())
    for (const wire of wires) {
      const output = sources.get(wire.from.node)?.outputs.get(wire.from.port)
      const input = draft.inputs.get(wire.to.port)
      if (output && input) wire.fit = portsFit(output, input)
    }
  settle(draft.outputs, draft, sources)
  const { axes, problem } = axesOf(draft, demands)
  draft.axes = axes
  if (problem) problems.push(problem)
  if (guess || problems.length > 0) unsure.add(draft.id)
  return guess || draft.node.disabled ? [] : problems
}

const readWire = (
  wire: LiftedEdge,
  port: PortInfo,
  sources: ReadonlyMap<string, Draft>,
  opened: (id: string) => Axes,
): { axes: Axes; ends: boolean } | undefined => {
  const source = sources.get(wire.from.node)
  const output = source?.outputs.get(wire.from.port)
  if (!source || !output) return { axes: [], ends: false }
  wire.kind = output.kind
  wire.axes = output.each ? opened(source.id) : source.axes
  wire.fit = portsFit(output, port)
  if (!port.each) return { axes: wire.axes, ends: false }
  return wire.axes.length === 0 ? undefined : { axes: wire.axes.slice(0, -1), ends: true }
}
