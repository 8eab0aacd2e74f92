import type { Kind, PortInfo } from '#nodes/ports.ts'
import { type Fit, fits } from './rules.ts'

type Named = PortInfo & { name: string; wired?: boolean; gone?: true }

const order: Record<Fit, number> = { same: 0, rendered: 1, coerced: 2 }

const best = <P extends Named>(ports: readonly P[], fitOf: (port: P) => Fit | undefined): string | undefined =>
  ports
    .flatMap((port) => {
      const fit = port.gone ? undefined : fitOf(port)
      return fit ? [{ port, rank: order[fit] + (port.optional ? 0.5 : 0) + (port.wired && !port.many ? 4 : 0) }] : []
    })
    .sort((a, b) => a.rank - b.rank)[0]?.port.name

/** The port that a wire goes into when a person did not name one: free, required and of the same kind before others. */
export const firstFit = {
  input: (kind: Kind, inputs: readonly Named[]) => best(inputs, (port) => fits(kind, port)),
  output: (goal: PortInfo, outputs: readonly Named[]) =>
    best(
      outputs.map((port) => ({ ...port, many: true as const })),
      (port) => fits(port.kind, goal),
    ),
}
