/** `npm run new-node slugify`: writes a node file that passes the contract tests, and its export line. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Group, groups } from './define.ts'

const usage = `npm run new-node NAME [-- --group ${groups.join('|')}]`

export class NewNodeRefusal extends Error {
  override readonly name = 'NewNodeRefusal'
}

const camel = (type: string): string => type.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
const sentence = (type: string): string => type.charAt(0).toUpperCase() + type.slice(1).replaceAll('-', ' ')

/** Words that cannot name a constant of a module; `input` and the like are fine. */
const reserved = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for
   function if implements import in instanceof interface let new null package private protected public return static
   super switch this throw true try typeof var void while with yield arguments eval undefined`.split(/\s+/),
)

/** Icons to begin with; the first that no node of the group wears is taken. */
const icons = [
  'wand-sparkles',
  'puzzle',
  'shapes',
  'component',
  'box',
  'circle-dot',
  'hexagon',
  'star',
  'sparkle',
  'asterisk',
]

const iconFor = (folder: string): string => {
  const worn = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => /^ {2}icon: '(.+)',$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1])
    : []
  const free = icons.find((icon) => !worn.includes(icon))
  if (!free)
    throw new NewNodeRefusal(
      'Every starter icon of this group is worn. Give one of its nodes an icon of its own first.',
    )
  return free
}

/** The file of a new node: text in, text out. Everything in it is meant to be changed. */
export const nodeTemplate = (type: string, group: Group, icon: string): string => `import { z } from 'zod'
import { defineNode } from '../define.ts'
import { port } from '../ports.ts'

export const ${camel(type)} = defineNode({
  type: '${type}',
  version: 1,
  title: { en: '${sentence(type)}', ko: '${sentence(type)} 노드' },
  group: '${group}',
  icon: '${icon}',
  docs: {
    en: 'Puts a word in front of a text. Say here what the node does, in one or two sentences.',
    ko: '글 앞에 낱말을 붙여요. 노드가 하는 일을 한두 문장으로 적어 주세요.',
  },
  keywords: ['${type.replaceAll('-', ' ')}', '새 노드'],
  config: z.object({
    prefix: z
      .string()
      .default('Hello, ')
      .meta({ label: { en: 'Word in front', ko: '앞에 붙일 말' } }),
  }),
  inputs: { text: port.text() },
  outputs: { text: port.text() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'A greeting', ko: '인사' },
      config: { prefix: 'Hello, ' },
      inputs: { text: 'Jisoo' },
      outputs: { text: 'Hello, Jisoo' },
    },
  ],
  run: ({ config, inputs }) => ({ text: config.prefix + inputs.text }),
})
`

/** The export list with one line more, in the order of the paths. */
export const withExport = (index: string, name: string, path: string): string => {
  const pathOf = (line: string) => /from '(.+)'/.exec(line)?.[1] ?? ''
  const lines = index.split('\n').filter((line) => line !== '')
  const at = lines.findIndex((line) => pathOf(line) > path)
  lines.splice(at < 0 ? lines.length : at, 0, `export { ${name} } from '${path}'`)
  return `${lines.join('\n')}\n`
}

/** Writes the node into the folder `nodes`. Throws NewNodeRefusal and writes nothing when it cannot be. */
export const createNode = (nodes: string, type: string, group: string): { file: string } => {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(type) || type.length > 64) {
    throw new NewNodeRefusal(`"${type}" is no name for a node type. Use kebab-case, such as "slugify" or "split-text".`)
  }
  if (reserved.has(type))
    throw new NewNodeRefusal(`"${type}" is a word of the language. Choose another, such as "${type}-text".`)
  const known = groups.find((one) => one === group)
  if (!known) throw new NewNodeRefusal(`There is no group "${group}". The groups are ${groups.join(', ')}.`)
  const index = readFileSync(join(nodes, 'index.ts'), 'utf8')
  const taken = index
    .split('\n')
    .find((line) => line.includes(`/${type}.ts'`) || line.startsWith(`export { ${camel(type)} }`))
  if (taken !== undefined) {
    const where = /'\.\/(.+)'/.exec(taken)?.[1] ?? 'index.ts'
    throw new NewNodeRefusal(`There is a node "${type}" already, in nodes/${where}. Choose another name.`)
  }
  const file = join(nodes, known, `${type}.ts`)
  if (existsSync(file))
    throw new NewNodeRefusal(
      `nodes/${known}/${type}.ts exists but is not exported. Export it in nodes/index.ts, or remove it.`,
    )

  const text = nodeTemplate(type, known, iconFor(join(nodes, known)))
  mkdirSync(join(nodes, known), { recursive: true })
  writeFileSync(file, text, { flag: 'wx' })
  writeFileSync(join(nodes, 'index.ts'), withExport(index, camel(type), `./${known}/${type}.ts`))
  return { file: `nodes/${known}/${type}.ts` }
}

const main = (): void => {
  try {
    const { values, positionals } = parseArgs({
      options: { group: { type: 'string', default: 'data' } },
      allowPositionals: true,
    })
    const [type, ...more] = positionals
    if (type === undefined || more.length > 0) throw new NewNodeRefusal(`Name one node type: ${usage}`)
    const { file } = createNode(import.meta.dirname, type, values.group)
    console.log(
      `Wrote ${file} and its line in nodes/index.ts.\nEdit its config, run and example, then: npm run format, npm test -- nodes`,
    )
  } catch (error) {
    const told = error instanceof NewNodeRefusal || (error instanceof TypeError && 'code' in error)
    if (!told) throw error
    console.error(`${error.message}\nUsage: ${usage}`)
    process.exitCode = 1
  }
}

if (import.meta.main) main()
