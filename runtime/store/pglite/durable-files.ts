import fs from 'node:fs'
import { type PGlite, PGlite as Pglite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** The part of Emscripten's file system that is extended here. */
type NodeStreams = { stream_ops: { fsync?: (stream: { nfd?: number }) => number } }

/** How often the host was asked to put a file on disk; read by the test that nobody takes the fsync away. */
export const counted = { fsyncs: 0 }

/**
 * PGlite's files with a real fsync. As shipped it starts with fsync off, and Emscripten's NODEFS has no fsync at all: a
 * commit is then only as safe as the page cache.
 */
export const durableFiles = (folder: string): NodeFS => {
  const files = new NodeFS(folder)
  const init = files.init.bind(files)
  files.init = async (pg, options) => {
    const result = await init(pg, options)
    const addFsync = (module: { FS: { filesystems: { NODEFS: NodeStreams } } }) => {
      module.FS.filesystems.NODEFS.stream_ops.fsync = (stream) => {
        counted.fsyncs++
        if (stream.nfd !== undefined) fs.fdatasyncSync(stream.nfd)
        return 0
      }
    }
    // Emscripten types `preRun` as functions of its own module, which this package does not export.
    const preRun = [addFsync, ...((result.emscriptenOpts.preRun as unknown[]) ?? [])] as never
    return { emscriptenOpts: { ...result.emscriptenOpts, preRun } }
  }
  return files
}

/** Start parameters without PGlite's `-F` (fsync off). */
export const durableParams = (): string[] => [
  ...(Pglite as typeof PGlite).defaultStartParams.filter((param) => param !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
]
