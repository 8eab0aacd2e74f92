import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { parseSync } from 'vite'

/** Source texts by path from the root, with "/". */
export type SourceTree = ReadonlyMap<string, string>

export const topFolders = ['nodes', 'runtime', 'server', 'editor', 'tests'] as const
const skipped = new Set(['node_modules', 'dist', '.venv', '__pycache__', 'snapshots', '__snapshots__'])

/** Every file of the house that people write: code, styles and the Python of the trainer. */
export const readSourceTree = (root: string): SourceTree =>
  new Map(
    topFolders
      .filter((folder) => existsSync(join(root, folder)))
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
          .filter((item) => item.isFile() && /\.(ts|tsx|mjs|css|py)$/.test(item.name))
          .map((item) =>
            join(item.parentPath, item.name)
              .slice(root.length + 1)
              .replaceAll(sep, '/'),
          )
          .filter((path) => !path.split('/').some((part) => skipped.has(part)))
          .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]),
      ),
  )

export type Import = {
  /** As written. */
  specifier: string
  /** The file of ours that it means, or the npm package, or the built-in as `node:…`. */
  target: { file: string } | { package: string }
  typeOnly: boolean
  /** `import()`: evaluated later, so it makes no cycle. */
  dynamic: boolean
}

const targetOf = (from: string, specifier: string): Import['target'] => {
  if (specifier.startsWith('#')) return { file: specifier.slice(1) }
  if (specifier.startsWith('.')) return { file: posix.join(posix.dirname(from), specifier).replace(/\?.*$/, '') }
  const [scope = '', name = ''] = specifier.split('/')
  return { package: specifier.startsWith('node:') ? specifier : scope.startsWith('@') ? `${scope}/${name}` : scope }
}

export type Source = {
  path: string
  imports: readonly Import[]
  /** The syntax tree, in the ESTree form. */
  program: unknown
}

/**
 * Reads imports from the syntax tree. `import { type A }` counts as a value import: with verbatimModuleSyntax the module is
 * still loaded.
 */
export const parseSource = (path: string, text: string): Source => {
  const { module, program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path} does not parse: ${errors[0].message}`)
  const read = (specifier: string, typeOnly: boolean, dynamic = false): Import => ({
    specifier,
    target: targetOf(path, specifier),
    typeOnly,
    dynamic,
  })
  return {
    path,
    program,
    imports: [
      ...module.staticImports.map(({ moduleRequest, entries, start }) =>
        read(
          moduleRequest.value,
          entries.length > 0 && entries.every((entry) => entry.isType) && /^import\s+type\b/.test(text.slice(start)),
        ),
      ),
      ...module.staticExports.flatMap(({ entries, start }) => {
        const [entry] = entries
        return entry?.moduleRequest ? [read(entry.moduleRequest.value, /^export\s+type\b/.test(text.slice(start)))] : []
      }),
      ...module.dynamicImports.flatMap(({ moduleRequest }) => {
        const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end))
        return literal?.[1] ? [read(literal[1], false, true)] : []
      }),
    ],
  }
}

/** A node of the syntax tree with what the walk needs of it. */
export type SyntaxNode = { type: string; [key: string]: unknown }
const isSyntaxNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** Calls `visit` for every node with its parents, innermost last; `false` leaves out what is inside. */
export const walk = (
  program: unknown,
  visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => boolean | undefined,
): void => {
  const enter = (value: unknown, parents: readonly SyntaxNode[]): void => {
    if (Array.isArray(value)) for (const part of value) enter(part, parents)
    else if (isSyntaxNode(value)) {
      if (visit(value, parents) === false) return
      for (const part of Object.values(value)) if (typeof part === 'object') enter(part, [...parents, value])
    }
  }
  enter(program, [])
}
