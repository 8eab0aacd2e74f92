import { isBuiltin } from 'node:module'
import { cycles } from '#runtime/pipeline/lift/order.ts'
import type { Import, Source } from './source-tree.ts'

/** A room of the house and what may be imported into it. Null: nothing is wrong. */
type Room = {
  name: string
  holds: (path: string) => boolean
  package: (name: string, typeOnly: boolean) => boolean
  file: (path: string, typeOnly: boolean) => boolean
}

const inside = (folder: string) => (path: string) => path.startsWith(`${folder}/`)
const inNodes = inside('nodes')
const inRuntime = inside('runtime')
const inPipeline = inside('runtime/pipeline')
const inServer = inside('server')
const inEditor = inside('editor')
const isOneOf =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name)
const isLangChain = (name: string) => name === 'langchain' || name.startsWith('@langchain/')
/** Read by the editor too, so they hold no code of a node and nothing of Node.js. */
const isPortRules = isOneOf('nodes/ports.ts', 'nodes/rules.ts')

/** DESIGN §2 and docs/decisions/0001, first match wins. */
export const rooms: readonly Room[] = [
  {
    name: 'nodes/ports.ts and nodes/rules.ts',
    holds: isPortRules,
    package: isOneOf('zod'),
    file: isPortRules,
  },
  {
    name: 'nodes',
    holds: inNodes,
    package: (name) => isOneOf('zod', 'ajv', 'csv-parse', 'minisearch')(name) || isLangChain(name) || isBuiltin(name),
    file: inNodes,
  },
  {
    name: 'runtime/pipeline',
    holds: inPipeline,
    package: isOneOf('zod'),
    file: (path, typeOnly) => inPipeline(path) || isPortRules(path) || (typeOnly && inNodes(path)),
  },
  {
    name: 'runtime',
    holds: inRuntime,
    package: (name) => !isLangChain(name),
    file: (path, typeOnly) =>
      inRuntime(path) ||
      path === 'nodes/errors.ts' ||
      (typeOnly && isOneOf('nodes/define.ts', 'nodes/ports.ts', 'nodes/rules.ts')(path)),
  },
  {
    name: 'server',
    holds: inServer,
    package: () => true,
    file: (path) => inServer(path) || inRuntime(path) || inNodes(path) || path === 'package.json',
  },
  {
    name: "the editor's build",
    holds: isOneOf('editor/vite.config.ts'),
    package: () => true,
    file: inEditor,
  },
  {
    name: 'editor',
    holds: inEditor,
    package: (name) => !isBuiltin(name),
    file: (path, typeOnly) => typeOnly || inEditor(path) || inPipeline(path),
  },
]

export const isTest = (path: string): boolean => path.startsWith('tests/') || /\.test\.tsx?$/.test(path)
const topOf = (path: string): string => path.split('/')[0] as string

const judge = (source: Source, one: Import, room: Room): string[] => {
  const said = `${source.path} imports ${one.specifier}`
  if ('package' in one.target)
    return room.package(one.target.package, one.typeOnly) ? [] : [`${said}: ${room.name} may not use that package`]
  const { file } = one.target
  if (isTest(file)) return [`${said}: only tests import tests`]
  return room.file(file, one.typeOnly)
    ? []
    : [`${said}: ${room.name} may not import ${one.typeOnly ? 'types' : 'values'} from there`]
}

/** Imports that break the table. Tests may import anything. */
export const forbiddenImports = (sources: readonly Source[]): string[] =>
  sources.flatMap((source) => {
    const room = isTest(source.path) ? undefined : rooms.find(({ holds }) => holds(source.path))
    return room ? source.imports.flatMap((one) => judge(source, one, room)) : []
  })

/** Relative imports that leave their top-level folder; those are written with `#`. */
export const relativeAcross = (sources: readonly Source[]): string[] =>
  sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, target }) =>
      specifier.startsWith('.') && 'file' in target && target.file.includes('/') && topOf(target.file) !== topOf(path)
        ? [`${path} imports ${specifier}: write #${target.file}`]
        : [],
    ),
  )

/** Cycles of value imports; types and `import()` make none. */
export const importCycles = (sources: readonly Source[]): string[] => {
  const place = new Map(sources.map(({ path }, at) => [path, at]))
  const next = sources.map(({ imports }) =>
    imports.flatMap(({ target, typeOnly, dynamic }) => {
      const to = 'file' in target && !typeOnly && !dynamic ? place.get(target.file) : undefined
      return to === undefined ? [] : [to]
    }),
  )
  return cycles(next, [...sources.keys()]).map((found) =>
    [...found, found[0] as number].map((at) => sources[at]?.path).join(' → '),
  )
}
