import { atNode, type Check, nameOf } from './context.ts'

export const checkEmpty: Check = ({ document, lifted }) =>
  lifted.unknown.length > 0 || lifted.nodes.values().some(({ entry }) => !entry.annotation)
    ? []
    : [
        {
          code: 'empty',
          level: 'error',
          message:
            document.nodes.length === 0
              ? 'The pipeline is empty. Add a node.'
              : 'Only notes are here. Add a node that runs.',
        },
      ]

export const checkTypes: Check = ({ document, lifted }) => {
  const unknown = new Set(lifted.unknown)
  return document.nodes.flatMap((node) => {
    const known = lifted.nodes.get(node.id)
    if (unknown.has(node.id))
      return [
        {
          code: 'unknown-type',
          level: 'error',
          message: `The node type "${node.type}" is not known here. Update Patchbay, or replace the node; until then it is kept as it is.`,
          node: node.id,
          details: { type: node.type },
        },
      ]
    if (!known) return []
    if (node.version > known.entry.version)
      return [
        atNode(
          'newer-version',
          known,
          `${nameOf(known)} was saved by a newer Patchbay (version ${node.version} of "${node.type}", here ${known.entry.version}). Update Patchbay or make the node anew.`,
          { details: { type: node.type, version: node.version, known: known.entry.version } },
        ),
      ]
    return known.configErrors.map(({ pointer, message, rule, values }) =>
      atNode(
        'invalid-config',
        known,
        `${nameOf(known)}: ${pointer.slice(1) || 'the config'} is not right. ${message.replace(/\.?$/, '.')}`,
        {
          details: { ...values, pointer, reason: message, ...(rule !== undefined && { rule }) },
        },
      ),
    )
  })
}
