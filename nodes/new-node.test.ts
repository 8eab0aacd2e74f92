import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withExport } from './new-node.ts'

const root = join(import.meta.dirname, '..')
let copy: string

/** A repository with nothing but what a node needs. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'patchbay-new-node-'))
  for (const path of ['nodes', 'package.json', 'tsconfig.json', 'biome.json', '.gitignore']) {
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (file) => !/(?<!contract)\.test\.ts$/.test(file),
    })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (command: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8' })
  return { status, told: stdout + stderr }
}
const newNode = (...args: string[]) => run(process.execPath, 'nodes/new-node.ts', ...args)
const bin = (name: string) => join(root, 'node_modules/.bin', name)
const index = () => readFileSync(join(copy, 'nodes/index.ts'), 'utf8')

describe('npm run new-node', () => {
  // Names that nobody gives a node: whoever follows docs/nodes.md has a "slugify" already.
  it('writes nodes that compile, are well-formed and pass the contract tests as they are', () => {
    expect(newNode('first-try')).toMatchObject({ status: 0 })
    expect(newNode('second-try', '--group', 'flow')).toMatchObject({ status: 0 })
    expect(index()).toContain("export { firstTry } from './data/first-try.ts'")
    expect(index()).toContain("export { secondTry } from './flow/second-try.ts'")

    expect(
      run(
        bin('biome'),
        'check',
        '--vcs-enabled=false',
        'nodes/data/first-try.ts',
        'nodes/flow/second-try.ts',
        'nodes/index.ts',
      ),
    ).toMatchObject({ status: 0 })
    expect(run(bin('tsc'), '--noEmit', '--types', 'node')).toEqual({ status: 0, told: '' })
    const contract = run(bin('vitest'), 'run', 'nodes/contract.test.ts', '--reporter=verbose')
    expect(contract.told).toContain('first-try: A greeting')
    expect(contract).toMatchObject({ status: 0 })
  }, 120_000)

  it('refuses what is there already, bad names and unknown groups, and writes nothing', () => {
    const before = index()
    for (const [args, told] of [
      [['prompt'], /There is a node "prompt" already, in nodes\/prompt\/prompt\.ts\. Choose/],
      [['for-each', '--group', 'data'], /There is a node "for-each" already/],
      [['Slug'], /Use kebab-case/],
      [['../evil'], /Use kebab-case/],
      [['a--b'], /Use kebab-case/],
      [['switch'], /a word of the language/],
      [['lower', '--group', 'misc'], /There is no group "misc"\. The groups are flow, /],
      [[], /Name one node type/],
      [['one', 'two'], /Name one node type/],
      [['lower', '--color', 'red'], /--color/],
    ] as const) {
      const result = newNode(...args)
      expect(result.told).toMatch(told)
      expect(result.told).toContain('Usage: npm run new-node NAME')
      expect(result.status).toBe(1)
    }
    expect(index()).toBe(before)
  })
})

describe('withExport', () => {
  const list = "export { a } from './data/a.ts'\nexport { c } from './flow/c.ts'\n"
  it.each([
    ['./data/0.ts', 0],
    ['./data/b.ts', 1],
    ['./train/z.ts', 2],
  ])('puts %s on its place', (path, at) => {
    expect(withExport(list, 'x', path).split('\n')[at]).toBe(`export { x } from '${path}'`)
  })
})
