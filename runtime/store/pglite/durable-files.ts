import fs from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'
import { syncFolder } from '../sync-folder.ts'

type Stream = { nfd?: number; node: unknown }
/** The part of Emscripten's NODEFS that is used here. */
type NodeFiles = { stream_ops: { fsync?: (stream: Stream) => number }; realPath: (node: unknown) => string }

/** How often the host was asked to put a file on disk; read by the test that nobody takes the fsync away. */
export const counted = { fsyncs: 0 }

const syncPath = (path: string) => {
  const handle = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(handle)
  } finally {
    fs.closeSync(handle)
  }
}

const addFsync = ({ NODEFS }: { NODEFS: NodeFiles }) => {
  NODEFS.stream_ops.fsync = (stream) => {
    counted.fsyncs++
    // Folders have no descriptor here; a new write-ahead segment is only safe once its folder is.
    if (stream.nfd !== undefined) fs.fdatasyncSync(stream.nfd)
    else if (process.platform !== 'win32') syncPath(NODEFS.realPath(stream.node))
    return 0
  }
}

/**
 * PGlite's files with a real fsync. As shipped it starts with fsync off, and Emscripten's NODEFS has no fsync at all: a
 * commit is then only as safe as the page cache.
 */
export const durableFiles = (folder: string): NodeFS => {
  const files = new NodeFS(folder)
  const init = files.init.bind(files)
  files.init = async (pg, options) => {
    const { emscriptenOpts } = await init(pg, options)
    // Emscripten types `preRun` as functions of its own module, which PGlite does not export.
    const preRun = [addFsync, ...((emscriptenOpts.preRun as unknown[]) ?? [])] as never
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
  return files
}

/**
 * Start parameters without PGlite's `-F` (fsync off). As shipped it keeps 128 MB of buffers, touched at the start: an idle
 * server held 110 MB more, and commits took as much CPU as with these.
 */
export const durableParams = (): string[] => [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
  '-c',
  'shared_buffers=16MB',
  '-c',
  'wal_buffers=1MB',
  '-c',
  'max_connections=4',
]

/** Puts a new cluster on disk: it was made by an initdb that syncs nothing, and later commits build on its files. */
export const syncTree = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) await syncFolder(path)
    if (!entry.isFile()) continue
    const handle = await open(path, 'r+')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
  await syncFolder(folder)
}
