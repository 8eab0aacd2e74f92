import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import { serialise } from '#runtime/pipeline/canonical.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { runFile } from '#server/cli/run.ts'
import { openApp } from '#tests/support/open-app.ts'
import { wire } from '#tests/support/wire.ts'

// Each run starts a process and a database of its own, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const root = join(import.meta.dirname, '../..')
/** Text, a number, a flag and JSON go in; a branch and a merge are passed; all of it comes out. */
const mixed = wire(
  {
    ask: { type: 'input', config: { fields: { q: 'text', n: 'number', yes: 'boolean', list: 'json' } } },
    route: { type: 'branch', config: { cases: { yes: { equals: '안녕' } } } },
    either: { type: 'merge' },
    out: { type: 'output', config: { fields: { a: 'text', n: 'number', yes: 'boolean', list: 'json' } } },
  },
  'ask.q > route.value',
  'route.yes > either.values',
  'route.else > either.values',
  'either.value > out.a',
  'ask.n > out.n',
  'ask.yes > out.yes',
  'ask.list > out.list',
)
const retrieving = (files: string[]): PipelineDocument => ({
  ...wire(
    {
      ask: { type: 'input', config: { fields: { q: 'text' } } },
      find: { type: 'retriever', config: { index: 'notes', top: 1 } },
      out: { type: 'output', config: { fields: { found: 'documents' } } },
    },
    'ask.q > find.query',
    'find.documents > out.found',
  ),
  resources: { notes: { kind: 'index', files } },
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbay-cli-'))
  await mkdir(join(folder, 'notes'))
  await writeFile(join(folder, 'notes/cats.md'), 'Cats sleep for sixteen hours a day.')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const put = async (name: string, document: PipelineDocument | string): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, typeof document === 'string' ? document : serialise(document))
  return file
}
/** Runs the program as `npx patchbay` does. */
const patchbay = (...args: string[]) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'server/cli/patchbay.mjs'), ...args], { cwd: folder })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })

describe('patchbay run', () => {
  const input = { q: '안녕', n: -1.5, yes: true, list: [1, { a: null }] }
  const flags = ['--input', 'q=안녕', '--input', 'n=-1.5', '--input', 'yes=true', '--input', 'list=[1,{"a":null}]']

  test('gives the output that a server gives, on stdout alone', async () => {
    const { code, out, err } = await patchbay('run', await put('mixed.json', mixed), ...flags)
    expect([code, err.includes('✓')]).toEqual([0, true])
    const app = await openApp(await openDatabase({ memory: true }))
    const { id } = await app.create(mixed)
    const run = await app.answer<RunRecord>('POST', `/api/pipelines/${id}/runs?wait=20`, { body: { input } })
    await app.stop()
    expect(run.status).toBe('succeeded')
    expect(JSON.parse(out)).toEqual(run.output)
  })

  test('takes the input from a file, --input going before it, and prints the whole run on --json', async () => {
    const file = await put('input.json', JSON.stringify({ ...input, q: 'bye' }))
    const { code, out } = await patchbay(
      'run',
      await put('mixed.json', mixed),
      '--input-file',
      file,
      '--input',
      'q=a=b',
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      status: 'succeeded',
      trigger: 'cli',
      pipeline: null,
      input: { ...input, q: 'a=b' },
      output: { a: 'a=b' },
    })
  })

  test('starts nothing when it was stopped before', async () => {
    const said: string[] = []
    const terminal = {
      print: said.push.bind(said),
      say: said.push.bind(said),
      signal: AbortSignal.abort(new Error('stopped')),
    }
    const run = runFile(await put('mixed.json', mixed), { input: flags.filter((flag) => flag !== '--input') }, terminal)
    await expect(run).rejects.toThrow('stopped')
    expect(said).toEqual([])
  })

  test('reads the files of resources beside the document', async () => {
    const { code, out } = await patchbay(
      'run',
      await put('ask.json', retrieving(['./notes/*.md'])),
      '--input',
      'q=cats',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out).found).toMatchObject([
      { text: 'Cats sleep for sixteen hours a day.', source: { file: 'notes/cats.md' } },
    ])
  })

  test.each<[string, PipelineDocument | string, string[], RegExp]>([
    ['no JSON', '{', [], /is not a pipeline/],
    ['another format', '{"format":"patchbay/9"}', [], /patchbay\/1/],
    [
      'a document with errors',
      wire({ out: { type: 'output', config: { fields: { a: 'text' } } } }),
      [],
      /input-missing/,
    ],
    ['a missing field', mixed, [], /"q" is missing/],
    ['an unknown field', mixed, [...flags, '--input', 'z=1'], /no such field.*q \(text\)/],
    ['a number that is none', mixed, [...flags, '--input', 'n=many'], /takes a number/],
    ['a flag that is none', mixed, [...flags, '--input', 'yes=si'], /true or false/],
    ['JSON that is none', mixed, [...flags, '--input', 'list=[1'], /not JSON/],
    ['a pair that is none', mixed, ['--input', 'q'], /name=value/],
    ['an input file that is not there', mixed, ['--input-file', 'nowhere.json'], /nowhere\.json/],
    ['a path that leaves the folder', retrieving(['../*.md']), ['--input', 'q=x'], /stays inside the folder/],
    ['a path that is absolute', retrieving(['/etc/*']), ['--input', 'q=x'], /stays inside the folder/],
    ['files that are not there', retrieving(['./nothing/*.md']), ['--input', 'q=x'], /files-missing/],
  ])('%s ends with 2 and says so on stderr', async (_, document, args, message) => {
    const { code, out, err } = await patchbay('run', await put('bad.json', document), ...args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
  })

  test('a link is not followed', async () => {
    await symlink('/etc/hostname', join(folder, 'notes/link.md'))
    const { code, out, err } = await patchbay(
      'run',
      await put('link.json', retrieving(['./notes/link.md'])),
      '--input',
      'q=x',
    )
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/files-missing/)
    await rm(join(folder, 'notes/link.md'))
  })

  test('a run that fails ends with 1 and prints no output', async () => {
    const failing = wire(
      {
        ask: { type: 'input', config: { fields: { q: 'text' } } },
        parse: { type: 'parse-json' },
        out: { type: 'output', config: { fields: { a: 'json' } } },
      },
      'ask.q > parse.text',
      'parse.value > out.a',
    )
    const { code, out, err } = await patchbay('run', await put('fails.json', failing), '--input', 'q=no json')
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/failed at parse/)
  })
})

describe('patchbay check', () => {
  test('says ok for the examples', async () => {
    const files = ['ticket-triage', 'extract-json'].map((name) => join(root, 'examples', name, 'pipeline.json'))
    const { code, err } = await patchbay('check', ...files)
    expect([code, err.match(/: ok/g)?.length]).toEqual([0, 2])
  })
  test('names what is wrong: 1 for findings, 2 for no pipeline', async () => {
    const bad = await put('half.json', wire({ out: { type: 'output', config: { fields: { a: 'text' } } } }))
    expect(await patchbay('check', bad)).toMatchObject({ code: 1, err: expect.stringContaining('input-missing') })
    expect(await patchbay('check', bad, join(folder, 'none.json'))).toMatchObject({ code: 2 })
  })
})

test('an unknown command or option ends with 2, help and version with 0', async () => {
  expect((await patchbay('fly')).code).toBe(2)
  expect((await patchbay('run')).code).toBe(2)
  expect((await patchbay('run', 'x', '--nope')).code).toBe(2)
  expect(await patchbay('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  expect((await patchbay('--help')).code).toBe(0)
})
