import { fieldSchemas } from '../config.ts'
import type { Finding } from '../document.ts'
import { matchFiles } from '../files.ts'
import type { LiftedNode } from '../lift/types.ts'
import { atNode, type Check, type Checked, nameOf } from './context.ts'

const missing = (node: LiftedNode, field: string, name: string, kind: string, message: string): Finding =>
  atNode('resource-missing', node, `${nameOf(node)}: ${message}`, { details: { field, name, kind } })

/** The resource that a config field names, or why there is none. */
const checkField = (
  node: LiftedNode,
  field: string,
  wanted: string,
  checked: Checked,
  empty: ReadonlySet<string>,
): Finding[] => {
  const name = node.config[field]
  if (typeof name !== 'string') return []
  const resources = checked.document.resources ?? {}
  const found = Object.hasOwn(resources, name) ? resources[name] : undefined
  if (!found)
    return [
      name === ''
        ? missing(node, field, name, wanted, `no ${wanted} is chosen. Choose one under "${field}".`)
        : missing(
            node,
            field,
            name,
            wanted,
            `there is no ${wanted} "${name}". Add it to the resources or choose another.`,
          ),
    ]
  if (found.kind !== wanted && wanted !== 'resource')
    return [
      missing(
        node,
        field,
        name,
        wanted,
        `"${name}" is of kind ${found.kind}; "${field}" takes ${wanted}. Choose another.`,
      ),
    ]
  if (!empty.has(name)) return []
  const globs = (found.files ?? []).join(', ')
  return [
    atNode(
      'files-missing',
      node,
      `${nameOf(node)}: no file matches ${globs || `the files of "${name}"`}. Upload the files of "${name}" or correct its paths.`,
      {
        details: { field, name, globs },
      },
    ),
  ]
}

/** Resources without a file, as far as the files are known. */
const emptyResources = ({ document, context }: Checked): ReadonlySet<string> => {
  const { files } = context
  if (!files) return new Set()
  return new Set(
    Object.entries(document.resources ?? {}).flatMap(([name, { files: globs }]) =>
      globs && matchFiles(globs, files).length === 0 ? [name] : [],
    ),
  )
}

export const checkResources: Check = (checked) => {
  const empty = emptyResources(checked)
  return [...checked.lifted.nodes.values()].flatMap((node) =>
    fieldSchemas(node.entry).flatMap(([field, schema]) =>
      schema.ui === 'resource'
        ? checkField(node, field, typeof schema.resource === 'string' ? schema.resource : 'resource', checked, empty)
        : [],
    ),
  )
}
