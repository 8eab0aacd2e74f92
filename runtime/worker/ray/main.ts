import { parseArgs } from 'node:util'
import { checkFolder } from '../engines/python/command.ts'
import { readPythonModel } from '../engines/python/read-model.ts'
import type { RayTarget } from './http.ts'
import { deployModel, removeApplication, serveApplications, whenServing } from './serve.ts'

const usage = `node runtime/worker/ray/main.ts serve FOLDER[,name=ID][,adapter=NAME=FOLDER]… --ray URL --name APPLICATION
     [--cpus N] [--gpus N] [--replicas N] [--patience SECONDS] [--listen HOST:PORT]
node runtime/worker/ray/main.ts list --ray URL
node runtime/worker/ray/main.ts remove APPLICATION --ray URL`

const read = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      ray: { type: 'string' },
      name: { type: 'string' },
      cpus: { type: 'string', default: '1' },
      gpus: { type: 'string', default: '0' },
      replicas: { type: 'string', default: '1' },
      patience: { type: 'string', default: '600' },
      listen: { type: 'string' },
    },
  })
type Options = ReturnType<typeof read>['values']

const listenOf = (text: string | undefined) => {
  if (text === undefined) return {}
  const { hostname: host, port } = new URL(`http://${text}`)
  return { listen: { host, port: Number(port || 80) } }
}

/** Deploys a model and waits until it answers; what Ray says instead is the error. */
const deploy = async (ray: RayTarget, what: string, options: Options) => {
  const { name, cpus, gpus, replicas, patience, listen } = options
  if (!name || !/^\w[\w-]*$/.test(name))
    throw new Error(`Give --name, of letters, digits, - and _: it is also the route.\n${usage}`)
  const given = readPythonModel(what)
  await checkFolder(given)
  const { id: model, folder, adapters } = given
  const shares = { cpus: Number(cpus), gpus: Number(gpus), replicas: Number(replicas) }
  const wrong = Object.entries(shares).find(([, value]) => !(value >= 0))
  if (wrong) throw new Error(`--${wrong[0]} is no number.\n${usage}`)
  await deployModel(ray, { name, model, folder, ...(adapters && { adapters }), ...shares, ...listenOf(listen) })
  const signal = AbortSignal.timeout(Number(patience) * 1_000)
  await whenServing(ray, name, signal).catch((cause: unknown) => {
    if (!signal.aborted) throw cause
    throw new Error(`"${name}" does not answer after ${patience} s. It may still come: "list" tells.`, { cause })
  })
  return { name, route: `/${name}/v1`, models: [model, ...Object.keys(adapters ?? {})] }
}

/** Models on Ray Serve from the command line; prints one JSON value. */
const main = async (): Promise<unknown> => {
  const { values, positionals } = read()
  const [verb, what] = positionals
  if (!values.ray) throw new Error(`Give --ray, the address of the cluster's dashboard.\n${usage}`)
  const token = process.env['RAY_AUTH_TOKEN']
  const ray: RayTarget = { url: values.ray, ...(token && { token }) }
  if (verb === 'list')
    return Object.values(await serveApplications(ray)).map(({ name, status, message }) => ({ name, status, message }))
  if (verb === 'serve' && what) return deploy(ray, what, values)
  if (verb === 'remove' && what) return { name: what, removed: await removeApplication(ray, what) }
  throw new Error(usage)
}

try {
  console.log(JSON.stringify(await main()))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
