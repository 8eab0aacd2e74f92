import { describe, expect, it } from 'vitest'
import { forbiddenImports, importCycles, relativeAcross } from './support/import-rules.ts'
import { badNames, definedTypes, mostLines, namedTypes, tooLong } from './support/name-rules.ts'
import { parseSource, readSourceTree } from './support/source-tree.ts'

const root = new URL('..', import.meta.url).pathname.replace(/\/$/, '')
const parse = (tree: ReadonlyMap<string, string>) =>
  [...tree].filter(([path]) => /\.tsx?$/.test(path)).map(([path, text]) => parseSource(path, text))

describe('the house', () => {
  const tree = readSourceTree(root)
  const sources = parse(tree)

  it('is read whole', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect([...definedTypes(sources)]).toContain('prompt')
  })
  it('keeps to the import table', () => expect(forbiddenImports(sources)).toEqual([]))
  it('writes imports between top-level folders with #', () => expect(relativeAcross(sources)).toEqual([]))
  it('has no import cycles', () => expect(importCycles(sources)).toEqual([]))
  it(`has no file over ${mostLines} lines`, () => expect(tooLong(tree)).toEqual([]))
  it('names its files in kebab-case', () => expect(badNames(tree)).toEqual([]))
  it('names no node type in runtime', () => expect(namedTypes(sources, definedTypes(sources))).toEqual([]))
})

/** Small houses that break one rule each, so that the rules are seen to bite. */
const houses: [title: string, files: Record<string, string>, broken: RegExp[]][] = [
  [
    'zod and the port rules in the pipeline are fine',
    {
      'runtime/pipeline/a.ts': `import { z } from 'zod'\nimport { fits } from '#nodes/rules.ts'\nimport type { Catalogue } from '#nodes/define.ts'`,
    },
    [],
  ],
  [
    'a built-in in the pipeline',
    { 'runtime/pipeline/a.ts': `import { createHash } from 'node:crypto'` },
    [/node:crypto/],
  ],
  [
    'a value of a definition in the pipeline',
    { 'runtime/pipeline/a.ts': `import { groups } from '#nodes/define.ts'` },
    [/values/],
  ],
  [
    'the engine in the pipeline, even its types',
    { 'runtime/pipeline/a.ts': `import type { Engine } from '#runtime/engine/engine.ts'` },
    [/types/],
  ],
  [
    'a type import that still loads the module',
    { 'runtime/pipeline/a.ts': `import { type Catalogue } from '#nodes/define.ts'` },
    [/values/],
  ],
  ['something re-exported', { 'runtime/pipeline/a.ts': `export { registry } from '#nodes/registry.ts'` }, [/registry/]],
  [
    'something imported later',
    { 'runtime/engine/a.ts': `const nodes = await import('#nodes/registry.ts')` },
    [/registry/],
  ],
  [
    'the errors of nodes in the engine are fine',
    { 'runtime/engine/a.ts': `import { NodeError } from '#nodes/errors.ts'` },
    [],
  ],
  [
    'LangChain in the engine',
    { 'runtime/engine/a.ts': `import { AIMessage } from '@langchain/core/messages'` },
    [/@langchain/],
  ],
  [
    'runtime in nodes',
    { 'nodes/flow/a.ts': `import type { Engine } from '#runtime/engine/engine.ts'` },
    [/nodes may not/],
  ],
  ['an unlisted package in nodes', { 'nodes/flow/a.ts': `import { Hono } from 'hono'` }, [/hono/]],
  ['nodes in the port rules', { 'nodes/rules.ts': `import { NodeError } from './errors.ts'` }, [/errors/]],
  ['the editor in the server', { 'server/a.ts': `import { App } from '#editor/app.tsx'` }, [/server may not/]],
  [
    'types from anywhere in the editor are fine',
    { 'editor/a.tsx': `import type { Pipeline } from '#server/api.ts'\nexport const A = () => <p>a</p>` },
    [],
  ],
  [
    'values of the server in the editor',
    { 'editor/a.tsx': `import { app } from '#server/app.ts'` },
    [/editor may not/],
  ],
  ['a built-in in the editor', { 'editor/a.ts': `import fs from 'fs'` }, [/fs/]],
  ['test code in the product', { 'server/a.ts': `import { make } from '#tests/support/make.ts'` }, [/only tests/]],
  [
    'a relative import across folders',
    { 'server/a.ts': `import type { Run } from '../runtime/engine/run.ts'` },
    [/write #runtime\/engine\/run\.ts/],
  ],
  [
    'a cycle of three',
    {
      'server/a.ts': `import './b.ts'`,
      'server/b.ts': `export * from './c.ts'`,
      'server/c.ts': `import { a } from '#server/a.ts'`,
    },
    [/^server\/a.ts → server\/b.ts → server\/c.ts → server\/a.ts$/],
  ],
  [
    'a cycle of types is none',
    { 'server/a.ts': `import type { B } from './b.ts'`, 'server/b.ts': `import { a } from './a.ts'` },
    [],
  ],
  ['a file that is too long', { 'server/a.ts': '\n'.repeat(mostLines + 1) }, [/401 lines/]],
  ['a file of the longest length is fine', { 'server/a.ts': '\n'.repeat(mostLines) }, []],
  ['capitals in a file name', { 'editor/NodeBox.tsx': '' }, [/NodeBox/]],
  ['a folder with an underscore', { 'server/my_routes/a.ts': '' }, [/my_routes/]],
  [
    'Python names are fine',
    { 'runtime/worker/trainer/train_step.py': '', 'runtime/worker/trainer/__init__.py': '' },
    [],
  ],
  [
    'a node type named in runtime',
    { 'nodes/a.ts': `defineNode({ type: 'retriever' })`, 'runtime/engine/a.ts': `export const slow = ['retriever']` },
    [/"retriever"/],
  ],
  [
    'a node type that is also a word, compared',
    {
      'nodes/a.ts': `defineNode({ type: 'branch' })`,
      'runtime/engine/a.ts': `const is = (node?: { type: string }) => node?.type === 'branch'`,
    },
    [/"branch"/],
  ],
  [
    'a node type that is also a word, looked up',
    {
      'nodes/a.ts': `defineNode({ type: 'model' })`,
      'runtime/engine/a.ts': `export const it = deps.registry.get('model')`,
    },
    [/"model"/],
  ],
  [
    'a node type that is also a word, in a switch',
    {
      'nodes/a.ts': `defineNode({ type: 'merge' })`,
      'runtime/engine/a.ts': `switch (node.entry.type) { case 'merge': break }`,
    },
    [/"merge"/],
  ],
  [
    'the type of a message is fine',
    {
      'nodes/a.ts': `defineNode({ type: 'text' })`,
      'runtime/worker/a.ts': `export const is = (piece: { type: string }) => piece.type === 'text'`,
    },
    [],
  ],
  [
    'a word that is also a node type is fine',
    {
      'nodes/a.ts': `defineNode({ type: 'branch' })`,
      'runtime/engine/a.ts': `export const reason: 'branch' | 'disabled' = 'branch'`,
    },
    [],
  ],
]

describe('the rules', () => {
  it.each(houses)('see %s', (_, files, broken) => {
    const tree = new Map(Object.entries(files))
    const sources = parse(tree)
    const found = [
      ...forbiddenImports(sources),
      ...relativeAcross(sources),
      ...importCycles(sources),
      ...tooLong(tree),
      ...badNames(tree),
      ...namedTypes(sources, definedTypes(sources)),
    ]
    expect(found).toHaveLength(broken.length)
    for (const [at, pattern] of broken.entries()) expect(found[at]).toMatch(pattern)
  })
})
