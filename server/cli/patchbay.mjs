#!/usr/bin/env node
// `npx patchbay` starts on whatever Node is on the PATH; the package brings a newer one.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeIsNewEnough, whatToDo } from './check-node.mjs'

const giveUp = () => {
  console.error(whatToDo)
  process.exit(1)
}

const pinnedNode = () => {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return undefined
  }
}

const runWith = (node) => {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, PATCHBAY_REEXEC: '1' },
  })
  // Ctrl+C reaches the whole group by itself; a supervisor's signal reaches only this process.
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGINT', () => {})
  child.on('error', giveUp)
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

if (nodeIsNewEnough) {
  await import('./main.ts')
} else {
  const node = process.env.PATCHBAY_REEXEC === '1' ? undefined : pinnedNode()
  if (node === undefined) giveUp()
  else runWith(node)
}
