import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AnyNode, type Bilingual, groups } from './define.ts'
import { NodeError } from './errors.ts'
import * as exported from './index.ts'
import { runExample } from './lib/run-example.ts'
import { kindSchema } from './ports.ts'
import { asComputed, catalogue, registry } from './registry.ts'
import { portsFor } from './rules.ts'

const nodes = [...registry.values()]
const named = nodes.map((node) => [node.type, node] as const)
const examples = nodes.flatMap((node) =>
  (node.examples ?? []).map((example) => [`${node.type}: ${example.title.en}`, node, example] as const),
)

const expectBilingual = (text: Bilingual | undefined, where: string) => {
  expect(text?.en, `${where}, English`).toMatch(/\S/)
  expect(text?.ko, `${where}, Korean`).toMatch(/[가-힣]|^[A-Z]+( [A-Z]\w+)*$/)
}
const metaOf = (node: AnyNode, field: string) =>
  (node.config.shape as Record<string, { meta: () => Record<string, unknown> | undefined }>)[field]?.meta()

describe('every node type', () => {
  it('is exported once, from the file and group that its name says', async () => {
    expect(registry.size).toBe(Object.keys(exported).length)
    const files = await Promise.all(
      groups.map(async (group) => {
        const folder = join(import.meta.dirname, group)
        return existsSync(folder) ? (await readdir(folder)).map((file) => `${group}/${file}`) : []
      }),
    )
    const sources = files.flat().filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    expect(nodes.map((node) => `${node.group}/${node.type}.ts`).sort()).toEqual(sources.sort())
  })

  it('has an icon of its own within its group, and lucide has it', () => {
    const icons = nodes.map((node) => `${node.group}/${node.icon}`)
    expect(new Set(icons).size).toBe(icons.length)
    const folder = join(import.meta.dirname, '../node_modules/lucide-react/dist/esm/icons')
    expect(nodes.filter((node) => !existsSync(join(folder, `${node.icon}.mjs`))).map((node) => node.icon)).toEqual([])
  })

  it('has a name of its own in both languages', () => {
    for (const language of ['en', 'ko'] as const) {
      const titles = nodes.map((node) => node.title[language])
      expect(new Set(titles).size).toBe(titles.length)
    }
  })

  it.each(named)('%s speaks both languages', (type, node) => {
    expectBilingual(node.title, 'title')
    expectBilingual(node.docs, 'docs')
    expect(node.docs.ko, 'Korean sentences end in 요').toMatch(/요[.)]*$/)
    const words = (node.keywords ?? []).join(' ')
    expect(words, `${type} is found by English words`).toMatch(/[a-z]/)
    expect(words, `${type} is found by Korean words`).toMatch(/[가-힣]/)
    for (const field of Object.keys(node.config.shape)) {
      const meta = metaOf(node, field)
      expectBilingual(meta?.label as Bilingual | undefined, `label of ${field}`)
      if (meta?.help) expectBilingual(meta.help as Bilingual, `help of ${field}`)
      for (const [value, title] of Object.entries((meta?.options ?? {}) as Record<string, Bilingual>)) {
        expectBilingual(title, `${field} = ${value}`)
      }
    }
  })

  it.each(named)('%s can be dropped on the canvas: an empty config is a config', (_, node) => {
    const config = node.config.parse({}) as Record<string, unknown>
    portsFor(asComputed(node.inputs), config)
    portsFor(asComputed(node.outputs), config)
    const keys = [...(node.summary ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
    expect(Object.keys(node.config.shape)).toEqual(expect.arrayContaining(keys))
  })

  it.each(named)('%s names fields that exist where one depends on another', (_, node) => {
    for (const field of Object.keys(node.config.shape)) {
      const when = (metaOf(node, field)?.when ?? {}) as Record<string, string[]>
      for (const [other, values] of Object.entries(when)) {
        for (const value of values) expect(() => node.config.parse({ [other]: value })).not.toThrow()
        expect(Object.keys(node.config.shape)).toContain(other)
      }
    }
  })

  it.each(named)('%s migrates from every version up to its own', (_, node) => {
    const steps = Object.keys(node.migrate ?? {})
      .map(Number)
      .sort((a, b) => a - b)
    expect(steps).toEqual(Array.from({ length: node.version - 1 }, (_, i) => i + 1))
  })

  it.each(named)('%s shows an example', (_, node) => {
    expect(node.examples?.length ?? 0).toBeGreaterThan(0)
    if (node.effect !== 'pure') return
    for (const example of node.examples ?? []) {
      expect(
        example.outputs !== undefined || example.error !== undefined,
        `${example.title.en} says what comes of it`,
      ).toBe(true)
    }
  })
})

describe('examples', () => {
  it.each(examples)('%s', async (_, node, example) => {
    expectBilingual(example.title, 'title')
    // Nodes that ask the outside world show examples that this test cannot run; their own tests do.
    if (example.outputs === undefined && example.error === undefined) return
    if (example.error !== undefined) {
      const failed = await runExample(node, example).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(failed).toBeInstanceOf(NodeError)
      expect((failed as NodeError).code).toBe(example.error)
      expect((failed as NodeError).message, 'the message ends with what to do').toMatch(/\. \S.*\.$/s)
      return
    }
    const { outputs, outputPorts } = await runExample(node, example)
    expect(outputs).toEqual(example.outputs)
    expect(Object.keys(outputPorts)).toEqual(expect.arrayContaining(Object.keys(outputs)))
    for (const [name, port] of Object.entries(outputPorts)) {
      const values = port.each ? (outputs[name] as unknown[]) : name in outputs ? [outputs[name]] : []
      for (const value of values) kindSchema[port.kind].parse(value)
    }
  })
})

describe('the catalogue', () => {
  it('survives JSON and knows every node', () => {
    expect(JSON.parse(JSON.stringify(catalogue))).toEqual(catalogue)
    expect(catalogue.map((entry) => entry.type).sort()).toEqual([...registry.keys()].sort())
  })

  it('carries labels and form components in the schema of a config', () => {
    const retriever = catalogue.find((entry) => entry.type === 'retriever')
    expect(retriever?.config).toMatchObject({
      properties: { index: { ui: 'resource', resource: 'index', label: { ko: '색인' } } },
    })
  })
})
