import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/*
 * Runs PostgreSQL and outlives the test process by a moment: when that process ends, however it ends, its pipe to this
 * one closes, the server is stopped and its folder removed.
 */
const [command, folder, port, user] = process.argv.slice(2)
if (!command || !folder || !port) throw new Error('usage: postgres-watchdog COMMAND FOLDER PORT [UID:GID]')
const [uid, gid] = (user ?? '').split(':').map(Number)
const server = spawn(
  command,
  [
    ['-D', `${folder}/data`],
    ['-p', port],
    ['-c', 'listen_addresses=127.0.0.1'],
    ['-c', `unix_socket_directories=${folder}`],
    ['-c', 'max_connections=200'],
    // The tests are about durability, so it is as in earnest.
    ['-c', 'fsync=on'],
    ['-c', 'synchronous_commit=on'],
  ].flat(),
  { stdio: 'ignore', cwd: folder, ...(uid && { uid, gid: gid ?? uid }) },
)
const stop = () => server.kill('SIGQUIT')
server.on('exit', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
process.stdin.on('end', stop).on('close', stop).resume()
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
