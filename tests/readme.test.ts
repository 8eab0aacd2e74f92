import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeTemplate } from '#nodes/new-node.ts'
import { problems } from '#server/errors.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts
/** The task of docs/models.md that an example is made of. */
const tasks: Record<string, string> = {
  'ticket-triage': 'ticket',
  'ticket-triage-ko': 'ticket',
  'extract-json': 'JSON extraction',
  'answer-from-documents': 'answer from sentences',
}
const readmes = ['README.md', 'README.ko.md'] as const

/** What is outside of code blocks, and the blocks. */
const split = (text: string) => {
  const parts = text.split(/^```/m)
  return { prose: parts.filter((_, at) => at % 2 === 0).join(''), blocks: parts.filter((_, at) => at % 2 === 1) }
}
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string)

/** Files that a text names: link targets that are no addresses, and paths of the repository's folders anywhere. */
const filesIn = (text: string): string[] => {
  const links = matches(text, /\]\((?!https?:|#)([^)#\s]+)/g)
  const paths = matches(
    text,
    /(?<![\w/.])((?:docs|examples|nodes|runtime|server|editor|tests|migrations)\/[\w./*-]*\w)/g,
  )
  return [...new Set([...links, ...paths])].filter((path) => !path.includes('*'))
}
const shapeOf = (text: string) => {
  const { prose, blocks } = split(text)
  return {
    headings: matches(prose, /^(#+) /gm),
    // Comments in a block are translated; the commands are the same.
    commands: blocks.map((block) => matches(block, /^((?:npm|npx) [\w-]+(?: [\w-]+)?)/gm)),
    links: matches(prose, /\]\(([^)]+)\)/g).length,
    tables: matches(prose, /^(\|.*)\|$/gm).map((row) => row.split('|').length),
  }
}

describe.each(readmes)('%s', (name) => {
  const text = read(name)

  test('names only files that are there', () => {
    const named = filesIn(text)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('names only npm scripts that are there, and those start files that are there', () => {
    const named = matches(text, /npm (?:run )?([a-z][\w:-]*\w)/g).filter((word) => !['ci', 'install'].includes(word))
    const real = named.filter((word) => word !== 'scripts')
    expect(real.length).toBeGreaterThan(3)
    expect(real.filter((script) => !(script in scripts))).toEqual([])
    const started = real.flatMap((script) => matches(scripts[script] ?? '', /node (\S+\.ts)/g))
    expect(started.filter((file) => !existsSync(join(root, file)))).toEqual([])
  })

  test('quotes the accuracy of local:tiny as docs/models.md has it', () => {
    const rows = read('docs/models.md').split('\n')
    const loop = read('examples/close-the-loop/README.md').split('\n')
    const quotes = [...text.matchAll(/^\| \[([\w-]+)\]\(examples.* (\d[\d.]* % \[\d+–\d+\])/gm)]
    expect(quotes.length).toBeGreaterThan(2)
    for (const [, example = '', figure = ''] of quotes) {
      const measured =
        example === 'close-the-loop'
          ? loop.find((row) => row.startsWith('| which team'))
          : rows.find((row) => row.startsWith(`| ${tasks[example]}`))
      expect(measured ?? '', `where ${example} is measured`).toContain(figure)
    }
  })
})

test('both languages have the same headings, commands, links and tables', () => {
  const [english, korean] = readmes.map((name) => shapeOf(read(name)))
  expect(korean).toEqual(english)
})

test('fine-tuning.md has the figures of its example', () => {
  const figures = (path: string) => [...read(path).matchAll(/\(n = \d+\) \|.*\|$/gm)].map(([row]) => row).slice(0, 3)
  expect(figures('docs/fine-tuning.md')).toHaveLength(3)
  expect(figures('docs/fine-tuning.md')).toEqual(figures('examples/close-the-loop/README.md'))
})

describe('docs/', () => {
  const pages = [
    'docs/api.md',
    'docs/architecture.md',
    'docs/deployments.md',
    'docs/document.md',
    'docs/engines.md',
    'docs/fine-tuning.md',
    'docs/models.md',
    'docs/nodes.md',
    'docs/runtime.md',
  ]

  test.each(pages)('%s links only to what is there', (page) => {
    const links = matches(read(page), /\]\((?!https?:|#)([^)#\s]+)/g)
    expect(links.filter((link) => !existsSync(join(root, 'docs', link)))).toEqual([])
  })

  test('api.md explains every problem code', () => {
    const page = read('docs/api.md').split('## Problems')[1]
    expect(Object.keys(problems).filter((code) => !page?.includes(`\`${code}\``))).toEqual([])
  })

  test('document.md explains every finding, and nodes.md shows what new-node writes', () => {
    const page = read('docs/document.md').split('## Findings')[1]
    const codes = matches(
      /type FindingCode =([^]*?)\n\n/.exec(read('runtime/pipeline/document.ts'))?.[1] ?? '',
      /'(.+)'/g,
    )
    expect(codes.length).toBeGreaterThan(10)
    expect(codes.filter((code) => !page?.includes(`| \`${code}\` |`))).toEqual([])
    expect(read('docs/nodes.md')).toContain(nodeTemplate('slugify', 'data', 'wand-sparkles'))
  })
})
