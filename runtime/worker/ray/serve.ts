import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { RayError } from './errors.ts'
import { askRay, callRay, type RayTarget } from './http.ts'
import { uploadPackage } from './jobs.ts'
import { filesBelow, makePackage, type PackageFiles, packageLimit, sizeOf } from './package.ts'
import { whenReady } from './when-ready.ts'

const path = 'api/serve/applications/'
const entry = fileURLToPath(new URL('./patchbay_ray', import.meta.url))

const application = z.object({
  name: z.string(),
  route_prefix: z.string().nullish(),
  status: z.string(),
  message: z.string().default(''),
  /** Of `serve deploy` and the REST API; programs that call serve.run are `imperative` and are left alone by a deployment. */
  source: z.string().optional(),
  deployed_app_config: z.record(z.string(), z.unknown()).nullish(),
})
export type ServeApplication = z.infer<typeof application>
const instance = z.object({ applications: z.record(z.string(), application).default({}) })

export type ServeRequest = {
  /** Of the application; also its route. */
  name: string
  /** How callers name the model. */
  model: string
  /** In transformers' form. */
  folder: string
  /** PEFT folders by the names under which they are called. */
  adapters?: Record<string, string>
  cpus?: number
  gpus?: number
  replicas?: number
  /** Where Serve listens, if this is its first application: one that runs keeps its address. */
  listen?: { host: string; port: number }
}

/** Applications of the cluster by name. */
export const serveApplications = async (
  ray: RayTarget,
  signal?: AbortSignal,
): Promise<Record<string, ServeApplication>> =>
  (await whenReady(() => askRay(ray, path, instance, { ...(signal && { signal }) }), signal)).applications

const put = async (ray: RayTarget, body: object, signal?: AbortSignal): Promise<void> => {
  const call = { method: 'PUT' as const, body, patience: 120_000, ...(signal && { signal }) }
  await whenReady(() => askRay(ray, path, z.unknown(), call), signal)
}

/** What was deployed by configuration, except one: a deployment names all, and Serve removes what it does not name. */
const configsWithout = async (ray: RayTarget, name: string, signal?: AbortSignal): Promise<Record<string, unknown>[]> =>
  Object.values(await serveApplications(ray, signal)).flatMap((one) =>
    one.name !== name && one.source !== 'imperative' && one.status !== 'DELETING' && one.deployed_app_config
      ? [one.deployed_app_config]
      : [],
  )

/** The model's files in the package where they fit, else by their path, which every node must have then. */
const packed = async (request: ServeRequest) => {
  const { folder, adapters = {} } = request
  let left = packageLimit - 2 ** 20
  const files: PackageFiles = await filesBelow(entry, 'patchbay_ray')
  const place = async (from: string, under: string): Promise<string> => {
    const size = await sizeOf(from)
    if (size > left) return from
    left -= size
    Object.assign(files, await filesBelow(from, under))
    return under
  }
  const placed: Record<string, string> = {}
  for (const [at, [name, from]] of Object.entries(adapters).entries()) placed[name] = await place(from, `adapter${at}`)
  return { folder: await place(folder, 'model'), adapters: placed, package: await makePackage(files) }
}

/** Deploys a model as an application with `/v1/chat/completions` and `/v1/models` under `/<name>`, beside those that are there. */
export const deployModel = async (ray: RayTarget, request: ServeRequest, signal?: AbortSignal): Promise<void> => {
  const { name, model, cpus = 1, gpus = 0, replicas = 1, listen } = request
  const { folder, adapters, package: made } = await packed(request)
  await uploadPackage(ray, made, signal)
  const own = {
    name,
    route_prefix: `/${name}`,
    import_path: 'patchbay_ray.serve_app:build',
    runtime_env: { working_dir: made.uri, env_vars: { HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' } },
    args: { model, folder, adapters, cpus, gpus, replicas },
  }
  const applications = [...(await configsWithout(ray, name, signal)), own]
  await put(ray, { ...(listen && { http_options: listen }), applications }, signal)
}

/** Waits until an application answers. */
export const whenServing = async (ray: RayTarget, name: string, signal: AbortSignal): Promise<void> => {
  for (;;) {
    const found = (await serveApplications(ray, signal))[name]
    if (found?.status === 'RUNNING') return
    if (found?.status === 'DEPLOY_FAILED' || found?.status === 'UNHEALTHY')
      throw new RayError(
        'application-failed',
        `Ray Serve could not start "${name}": ${found.message.trim().slice(-1_500)}`,
      )
    await sleep(1_000, undefined, { signal })
  }
}

/** Takes one application down and leaves the others; true if it was there. */
export const removeApplication = async (ray: RayTarget, name: string, signal?: AbortSignal): Promise<boolean> => {
  if (!(await serveApplications(ray, signal))[name]) return false
  const applications = await configsWithout(ray, name, signal)
  await put(ray, { applications }, signal)
  return true
}

/** Takes all of Serve down, with its proxy and applications of others. */
export const shutDownServe = async (ray: RayTarget): Promise<void> => {
  await callRay(ray, path, { method: 'DELETE', patience: 60_000 })
}
