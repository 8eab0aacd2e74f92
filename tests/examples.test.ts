import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogue, registry } from '#nodes/registry.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import { serialise } from '#runtime/pipeline/canonical.ts'
import { check } from '#runtime/pipeline/check.ts'
import { configParser, parseConfigBySchema } from '#runtime/pipeline/config.ts'
import { matchFiles } from '#runtime/pipeline/files.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'
import type { Saved } from '#server/api.ts'
import { type StartedServer, startServer } from '#tests/support/start-server.ts'
import { findTrainerPython } from '#tests/support/trainer-python.ts'

type Values = Record<string, unknown>
/** An expected output names what must be so; what it leaves out is not compared (examples/README.md). */
type Case = { input: Values; output: Values }

const root = join(import.meta.dirname, '..')
const folderOf = (name: string) => join(root, 'examples', name)
const names = readdirSync(join(root, 'examples'), { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const read = (name: string) => {
  const text = readFileSync(join(folderOf(name), 'pipeline.json'), 'utf8')
  const parsed = parseDocument(text)
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.errors)}`)
  const files = readdirSync(folderOf(name), { recursive: true, encoding: 'utf8' }).map((path) =>
    path.replaceAll('\\', '/'),
  )
  return { text, document: parsed.document, files }
}
const casesOf = (name: string): Case[] => JSON.parse(readFileSync(join(folderOf(name), 'expect.json'), 'utf8'))

/** Examples that train need the trainer's Python and a server with workers; they are run by `npm run example`. */
const trains = (name: string) => read(name).document.nodes.some((node) => registry.get(node.type)?.group === 'train')
const commandOf = (name: string) =>
  trains(name) ? `npm run example ${name}` : `npx patchbay run examples/${name}/pipeline.json`
const trainer = findTrainerPython(root)
const runnable = names.filter((name) => !trains(name) || 'python' in trainer)
if ('missing' in trainer)
  console.warn(`NOT RUN, THE TRAINER IS MISSING (${trainer.missing}): ${names.filter(trains).join(', ')}.`)

describe.each(names)('the example %s', (name) => {
  test('is written in the canonical form', () => {
    const { text, document } = read(name)
    expect(serialise(document)).toBe(text)
  })

  test.each([
    ['on the server', configParser((entry) => registry.get(entry.type)?.config)],
    ['in the browser', parseConfigBySchema],
  ])('has no findings %s', (_, parseConfig) => {
    const { document, files } = read(name)
    expect(check(document, catalogue, { parseConfig, files })).toEqual([])
  })

  test('explains itself in both languages on one page, and says that it does not understand', () => {
    const lines = readFileSync(join(folderOf(name), 'README.md'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
    const titles = lines.filter((line) => line.startsWith('# '))
    expect(titles).toHaveLength(2)
    expect(titles[1]).toMatch(/[가-힣]/)
    const text = lines.join('\n')
    expect(text).toContain(commandOf(name))
    expect(text).toMatch(/not understanding/)
    expect(text).toMatch(/이해하는 것은 아니에요/)
    expect(text, 'a figure with n and interval').toMatch(/% \[\d+–\d+\].*\(n = \d+/s)
    for (const [, link = ''] of text.matchAll(/\]\((?!http)([^)#]+)/g)) {
      expect(existsSync(join(folderOf(name), link)), link).toBe(true)
    }
  })
})

/** The output that the program prints, as `npx patchbay` runs it: a process of its own, no server. */
const runByCommand = (name: string, input: Values): Promise<Values> =>
  new Promise((resolve, reject) => {
    const flags = Object.entries(input).flatMap(([field, value]) => ['--input', `${field}=${value}`])
    const child = spawn(
      process.execPath,
      [join(root, 'server/cli/patchbay.mjs'), 'run', join(folderOf(name), 'pipeline.json'), ...flags],
      { cwd: root },
    )
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk) => {
      out += chunk
    })
    child.stderr.on('data', (chunk) => {
      err += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(JSON.parse(out)) : reject(new Error(`Exit ${code}: ${err}`))))
  })

const ask = async (server: StartedServer, method: string, path: string, body: BodyInit, type: string) => {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': type },
    body,
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** Makes a pipeline of an example with its files, as the import of the editor does. */
const importExample = async (server: StartedServer, name: string): Promise<string> => {
  const { document, files } = read(name)
  const body = JSON.stringify({ document })
  const { id } = (await ask(server, 'POST', '/api/pipelines', body, 'application/json')) as Saved
  const globs = Object.values(document.resources ?? {}).flatMap((resource) => resource.files ?? [])
  for (const path of matchFiles(globs, files)) {
    const bytes = readFileSync(join(folderOf(name), path))
    await ask(server, 'PUT', `/api/pipelines/${id}/files/${path}`, bytes, 'application/octet-stream')
  }
  return id
}

describe('run for real, with local:tiny', () => {
  let server: StartedServer
  beforeAll(async () => {
    server = await startServer()
  }, 120_000)
  afterAll(() => server.end())

  test.each(runnable)(
    '%s gives what it promises, on a server and by the command alike',
    { timeout: 360_000 },
    async (name) => {
      const cases = casesOf(name)
      expect(cases.length).toBeGreaterThan(0)
      const id = await importExample(server, name)
      for (const [at, { input, output }] of cases.entries()) {
        const body = JSON.stringify({ input })
        const run = (await ask(
          server,
          'POST',
          `/api/pipelines/${id}/runs?wait=300`,
          body,
          'application/json',
        )) as RunRecord
        expect(run, JSON.stringify(run.error)).toMatchObject({ status: 'succeeded', output })
        // The command can be given one input at a time; the first stands for the rest.
        if (at === 0 && !trains(name)) expect(await runByCommand(name, input)).toEqual(run.output)
      }
    },
  )
})
