import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { rayVersion } from '#runtime/worker/ray/jobs.ts'

const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** What the system tells of a process: its command, its environment, the files it has open. */
const tracesOf = (pid: string): string[] => {
  const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8')
  const open = () => readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
  return [() => read('cmdline'), () => read('environ'), () => open().join('\n')].flatMap((look) => {
    try {
      return [look()]
    } catch {
      return [] // it ended this moment, or is another user's
    }
  })
}

/** Processes that have to do with a folder. Some of Ray's give themselves a title, which overwrites all but their open files. */
const processesOf = (folder: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => tracesOf(pid).some((text) => text.includes(folder)))
    .map(Number)

export type RayHead = { url: string; servePort: number; python: string; stop: () => Promise<void> }

const startOnce = async (python: string): Promise<RayHead> => {
  // Short: Ray puts sockets below it, and their paths may have 107 letters.
  const folder = await mkdtemp(join(tmpdir(), 'pbray-'))
  const [gcs, dashboard, client, agent, servePort] = (await freePorts(5)) as [number, number, number, number, number]
  const options = {
    port: gcs,
    'dashboard-port': dashboard,
    'ray-client-server-port': client,
    'dashboard-agent-listen-port': agent,
    'dashboard-host': '127.0.0.1',
    'node-ip-address': '127.0.0.1',
    'include-dashboard': true,
    'num-cpus': 2,
    'num-gpus': 0,
    'object-store-memory': 100_000_000,
    'min-worker-port': 0,
    'max-worker-port': 0,
    'temp-dir': folder,
  }
  const child = spawn(
    python,
    [
      '-m',
      'ray.scripts.scripts',
      'start',
      '--head',
      '--block',
      '--disable-usage-stats',
      ...Object.entries(options).map(([name, value]) => `--${name}=${value}`),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: when Ray stops, it ends its group.
      detached: true,
      env: {
        ...process.env,
        PATH: `${dirname(python)}${delimiter}${process.env['PATH']}`,
        RAY_USAGE_STATS_ENABLED: '0',
        // Seconds: the dashboard is ten processes of Python, and the machine may be busy.
        RAY_DASHBOARD_STARTUP_TIMEOUT_S: '150',
        PATCHBAY_TEST_RAY: folder,
      },
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said = `${said}${piece}`.slice(-4_000)
    })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000).unref())])
    // What outlives the head: it was started for this folder and for nothing else.
    for (const pid of processesOf(folder)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended this moment.
      }
    }
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  const url = `http://127.0.0.1:${dashboard}`
  for (const until = Date.now() + 150_000; ; ) {
    const version = await rayVersion({ url }).catch(() => undefined)
    // The dashboard answers before the node is there.
    if (version !== undefined && said.includes('Ray runtime started')) return { url, servePort, python, stop }
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`Ray did not start: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

/**
 * A Ray head of one node and two CPUs, with its dashboard; nothing else on the machine is touched when it stops. Ray gives its
 * node 30 seconds to start, for ever, so on a busy machine it may need another try.
 */
export const startRayHead = async (python: string, tries = 4): Promise<RayHead> => {
  try {
    return await startOnce(python)
  } catch (error) {
    if (tries === 1) throw error
    return startRayHead(python, tries - 1)
  }
}
