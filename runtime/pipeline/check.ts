import type { Catalogue } from '#nodes/define.ts'
import { checkArms } from './check/arms.ts'
import { checkInputs, checkOutputs } from './check/boundary.ts'
import type { CheckContext } from './check/context.ts'
import { checkGraph } from './check/graph.ts'
import { checkModels } from './check/models.ts'
import { checkEmpty, checkTypes } from './check/nodes.ts'
import { checkResources } from './check/resources.ts'
import { checkBroken, checkKinds, checkMissing, checkTaken } from './check/wires.ts'
import type { Finding, PipelineDocument } from './document.ts'
import type { Lifted } from './lift/types.ts'
import { lift } from './lift.ts'

export type { CheckContext } from './check/context.ts'

const checks = [
  checkEmpty,
  checkTypes,
  checkBroken,
  checkGraph,
  checkKinds,
  checkTaken,
  checkMissing,
  checkArms,
  checkInputs,
  checkOutputs,
  checkResources,
  checkModels,
]

/** What holds of a disabled node too; the rest of its faults wait until it is enabled, since it does not run. */
const always: ReadonlySet<Finding['code']> = new Set(['unknown-type', 'broken-edge', 'cycle'])

/**
 * The meaning errors of a document: saved with a draft, refused on publish and run as far as their level is `error`. Never
 * throws, and says the same of the same document.
 * @example const findings = check(document, catalogue, { files: uploads.map((file) => file.path) })
 */
export const check = (document: PipelineDocument, catalogue: Catalogue, context: CheckContext = {}): Finding[] =>
  checkLifted(document, catalogue, lift(document, catalogue, context), context)

/** The same for a document that has been lifted already. */
export const checkLifted = (
  document: PipelineDocument,
  catalogue: Catalogue,
  lifted: Lifted,
  context: CheckContext = {},
): Finding[] =>
  checks
    .flatMap((one) => one({ document, catalogue, lifted, context }))
    .filter(({ code, node }) => always.has(code) || node === undefined || !lifted.nodes.get(node)?.node.disabled)
