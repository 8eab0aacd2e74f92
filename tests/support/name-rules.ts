import { isTest } from './import-rules.ts'
import { type Source, type SyntaxNode, walk } from './source-tree.ts'

export const mostLines = 400

/** Files that have grown beyond what one job needs. */
export const tooLong = (tree: ReadonlyMap<string, string>): string[] =>
  [...tree].flatMap(([path, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
    return lines > mostLines ? [`${path} has ${lines} lines, over ${mostLines}: give its second job a file`] : []
  })

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/
/** Python modules follow Python: `_` instead of `-`. */
export const badNames = (tree: ReadonlyMap<string, string>): string[] =>
  [...tree.keys()].flatMap((path) => {
    const bad = path
      .split('/')
      .find(
        (part) => !kebab.test(path.endsWith('.py') ? part.replaceAll('_', '-').replace(/^-+|-+(?=\.|$)/g, '') : part),
      )
    return bad === undefined ? [] : [`${path}: "${bad}" is not kebab-case`]
  })

const valueOf = (node: unknown): string | undefined =>
  typeof node === 'object' && node !== null && 'type' in node && node.type === 'Literal' && 'value' in node
    ? typeof node.value === 'string'
      ? node.value
      : undefined
    : undefined

/** The types that nodes/ defines, read off the `type` of every `defineNode({ … })`. */
export const definedTypes = (sources: readonly Source[]): Set<string> => {
  const types = new Set<string>()
  for (const { path, program } of sources) {
    if (!path.startsWith('nodes/') || isTest(path)) continue
    walk(program, (node) => {
      const callee = node.callee as SyntaxNode | undefined
      if (node.type !== 'CallExpression' || callee?.name !== 'defineNode') return undefined
      const [definition] = node.arguments as SyntaxNode[]
      for (const property of (definition?.properties ?? []) as { key?: { name?: string }; value?: unknown }[]) {
        const type = property.key?.name === 'type' ? valueOf(property.value) : undefined
        if (type !== undefined) types.add(type)
      }
      return undefined
    })
  }
  return types
}

/**
 * Node types that are also words of the runtime's own: kinds of values, fields of a run, reasons of a skip. A literal of these
 * is no name of a type by itself, only where it is compared with the type of a node or looks one up.
 */
const alsoWords: ReadonlySet<string> = new Set([
  'input',
  'output',
  'model',
  'dataset',
  'report',
  'note',
  'branch',
  'index',
  'prompt',
  'fields',
  'text',
  'json',
  'merge',
  'collect',
])

/** `node.type`, `entry?.type`, `lifted.definition.type`: the type of something that is a node, not of a message or an event. */
const namesType = (asked: unknown): boolean => {
  const { type, property, object, expression, name } = (asked ?? {}) as {
    type?: string
    property?: { name?: string }
    object?: { name?: string; property?: { name?: string } }
    expression?: unknown
    name?: string
  }
  if (type === 'ChainExpression') return namesType(expression)
  if (type === 'Identifier') return name === 'nodeType'
  const holder = object?.property?.name ?? object?.name ?? ''
  return type === 'MemberExpression' && property?.name === 'type' && /node|entry|definition|step/i.test(holder)
}

const looksUp = (call: SyntaxNode): boolean => {
  const callee = call.callee as { type?: string; object?: { name?: string; property?: { name?: string } } } | undefined
  const holder = callee?.object?.property?.name ?? callee?.object?.name ?? ''
  return callee?.type === 'MemberExpression' && /registry|catalogue|types$/i.test(holder)
}

/** Whether a literal stands where a node's type is compared or looked up. */
const isAskedAsType = (parents: readonly SyntaxNode[]): boolean => {
  const parent = parents.at(-1)
  if (parent?.type === 'BinaryExpression') return namesType(parent.left) || namesType(parent.right)
  if (parent?.type === 'SwitchCase') return namesType(parents.at(-2)?.discriminant)
  return parent?.type === 'CallExpression' && looksUp(parent)
}

/** Literals of runtime/ that name a node type. Type positions and import paths can't choose anything, so they are left out. */
export const namedTypes = (sources: readonly Source[], types: ReadonlySet<string>): string[] =>
  sources.flatMap(({ path, program }) => {
    if (!path.startsWith('runtime/') || isTest(path)) return []
    const found: string[] = []
    walk(program, (node, parents) => {
      if (node.type.startsWith('TS') && /Type|Interface/.test(node.type)) return false
      if (/^(Import|ExportAll)Declaration$/.test(node.type)) return false
      const value = valueOf(node)
      if (value !== undefined && types.has(value) && (!alsoWords.has(value) || isAskedAsType(parents)))
        found.push(`${path} names the node type "${value}": the registry arrives as an argument`)
      return undefined
    })
    return found
  })
