import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { glob } from 'tinyglobby'
import { isMain } from '../is-main.ts'

const root = join(import.meta.dirname, '../..')
/** Where the built editor lies. */
export const editorFolder = join(root, 'editor/dist')
const stamp = join(editorFolder, '.digest')

/** What goes into the build: the editor, what it takes from other rooms, and the versions of all packages. */
const sources = [
  'editor/**',
  'runtime/pipeline/**',
  'nodes/*.ts',
  'server/api.ts',
  'package-lock.json',
  'tsconfig.json',
]

const digestOfSources = async (): Promise<string> => {
  const ignore = ['editor/dist/**', '**/*.test.*', '**/node_modules/**']
  const paths = (await glob(sources, { cwd: root, ignore })).sort()
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\n`).update(await readFile(join(root, path)))
  return hash.digest('hex')
}

/** Production installs leave the editor's packages out: they serve what was built before. */
const hasBuilder = (): boolean => {
  try {
    import.meta.resolve('vite')
    return true
  } catch {
    return false
  }
}

/**
 * Builds the editor if its sources changed since the last build. Says so: it takes some seconds.
 * @throws Error when there is no editor to build, or it does not build
 */
export const buildEditor = async (say: (line: string) => void = console.error): Promise<'built' | 'unchanged'> => {
  if (!existsSync(join(root, 'editor/index.html'))) {
    if (existsSync(join(editorFolder, 'index.html'))) return 'unchanged'
    throw new Error('There is no editor to build: the folder editor/ is missing. Check out the whole repository.')
  }
  const digest = await digestOfSources()
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest) return 'unchanged'
  if (!hasBuilder()) {
    if (!existsSync(stamp)) {
      throw new Error(
        'The editor is not built, and what builds it is not installed. Run npm ci (without --omit=dev) and npm run build once.',
      )
    }
    say('The editor is older than its sources. It is served as it is; npm ci (without --omit=dev) can build it anew.')
    return 'unchanged'
  }
  say('Building the editor. This happens once after each change and takes some seconds …')
  const began = performance.now()
  const { build } = await import('vite')
  await build({
    root: join(root, 'editor'),
    configFile: join(root, 'editor/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: editorFolder, emptyOutDir: true },
  })
  await writeFile(stamp, digest)
  say(`The editor is built (${((performance.now() - began) / 1000).toFixed(1)} s).`)
  return 'built'
}

if (isMain(import.meta.url)) {
  try {
    await buildEditor()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
