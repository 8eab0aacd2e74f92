import { spawn } from 'node:child_process'

/**
 * `node leash.ts COMMAND ARGUMENT…` runs a command that ends with its grandparent: stdin is held by the worker, and when it is
 * closed, even by kill -9, the command and all that it started are told to end, and after a while made to.
 */
const patience = 5_000
const [command = '', ...args] = process.argv.slice(2)
// A group of its own: vLLM starts processes for its engine, which must end too.
const child = spawn(command, args, { stdio: ['pipe', 'inherit', 'inherit'], detached: true })
const signalAll = (signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch {
    // It is gone already.
  }
}
const end = (): void => {
  signalAll('SIGTERM')
  setTimeout(() => signalAll('SIGKILL'), patience)
}
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(127)
})
child.on('exit', (code) => {
  signalAll('SIGKILL')
  process.exit(code ?? 1)
})
process.stdin.on('end', end).on('error', end)
process.stdin.resume()
process.on('SIGTERM', end).on('SIGINT', end)
