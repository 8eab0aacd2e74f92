import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind } from '#nodes/ports.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import type { WiredNode } from '../document/wiring.ts'

/** A node wears the colour of what it puts out; one that puts out nothing, of what it takes. */
export const mainKind = (wired: WiredNode | undefined, entry: CatalogueEntry | undefined): Kind =>
  wired?.outputs[0]?.kind ??
  wired?.inputs[0]?.kind ??
  Object.values(entry?.outputs.fixed ?? {})[0]?.kind ??
  Object.values(entry?.inputs.fixed ?? {})[0]?.kind ??
  'any'

/** Widths on the 8 px grid: a source or sink is narrow, live text needs room. */
export const widthOf = (node: PipelineNode, entry: CatalogueEntry | undefined): number => {
  if (node.size) return node.size[0]
  if (!entry) return 184
  if (entry.annotation) return 200
  if (Object.values(entry.outputs.fixed).some((port) => port.streams)) return 216
  const hasInputs = Object.keys(entry.inputs.fixed).length + entry.inputs.rules.length > 0
  const hasOutputs = Object.keys(entry.outputs.fixed).length + entry.outputs.rules.length > 0
  return hasInputs && hasOutputs ? 184 : 160
}
