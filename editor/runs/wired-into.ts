import type { PipelineDocument } from '#runtime/pipeline/document.ts'

export type StepInput = { port: string; from: { node: string; port: string } }

const split = (ref: string) => {
  const dot = ref.indexOf('.')
  return { node: ref.slice(0, dot), port: ref.slice(dot + 1) }
}

/** What is wired into a node, in the order of its wires. The values themselves are the outputs of those nodes. */
export const wiredInto = (document: PipelineDocument, node: string): StepInput[] =>
  document.edges
    .map((edge) => ({ to: split(edge.to), from: split(edge.from) }))
    .filter(({ to }) => to.node === node)
    .map(({ to, from }) => ({ port: to.port, from }))
