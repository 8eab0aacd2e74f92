import { z } from 'zod'
import { RayError } from './errors.ts'
import { askRay, callRay, type RayTarget, reasonOf } from './http.ts'
import type { RayPackage } from './package.ts'
import { whenReady } from './when-ready.ts'

const version = z.object({ ray_version: z.string() })
const submitted = z.object({ submission_id: z.string() })
const stopped = z.object({ stopped: z.boolean() })
const deleted = z.object({ deleted: z.boolean() })
export const rayJobStatus = z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED'])
export type RayJobStatus = z.infer<typeof rayJobStatus>
const jobDetails = z.object({
  submission_id: z.string(),
  status: rayJobStatus,
  message: z.string().nullish(),
  error_type: z.string().nullish(),
  driver_exit_code: z.number().nullish(),
})
export type RayJobDetails = z.infer<typeof jobDetails>

export const isOver = (status: RayJobStatus): boolean =>
  status === 'STOPPED' || status === 'SUCCEEDED' || status === 'FAILED'

export type RayJobRequest = {
  /** Names the job for ever: a second submission under it is the first one. */
  id: string
  entrypoint: string
  package: RayPackage
  environment: Record<string, string>
  /** Which share of the cluster the entrypoint itself takes. */
  cpus: number
  gpus: number
  memory: number
  metadata: Record<string, string>
}

const path = (id: string) => `api/jobs/${encodeURIComponent(id)}`

/** The version of the Ray that answers; also the way to see that one does. */
export const rayVersion = async (ray: RayTarget, signal?: AbortSignal): Promise<string> =>
  (await askRay(ray, 'api/version', version, { patience: 10_000, ...(signal && { signal }) })).ray_version

/** Uploads a package unless Ray has it. Asking also keeps it from being dropped for the next minutes. */
export const uploadPackage = async (ray: RayTarget, { name, zip }: RayPackage, signal?: AbortSignal): Promise<void> => {
  const at = `api/packages/gcs/${name}`
  const { status } = await callRay(ray, at, signal && { signal })
  if (status === 200) return
  const answer = await callRay(ray, at, { method: 'PUT', body: zip(), patience: 300_000, ...(signal && { signal }) })
  if (answer.status !== 200)
    throw new RayError('ray-refused', `Ray did not take the package ${name}: ${reasonOf(answer)}`)
}

export const rayJob = async (ray: RayTarget, id: string, signal?: AbortSignal): Promise<RayJobDetails | undefined> => {
  try {
    return await askRay(ray, path(id), jobDetails, signal && { signal })
  } catch (error) {
    if (error instanceof RayError && error.code === 'ray-not-found') return undefined
    throw error
  }
}

/** Submits a job, or finds the one that was submitted under this id before. */
export const submitJob = async (
  ray: RayTarget,
  request: RayJobRequest,
  signal?: AbortSignal,
): Promise<'new' | 'old'> => {
  if (await rayJob(ray, request.id, signal)) return 'old'
  await uploadPackage(ray, request.package, signal)
  const body = {
    submission_id: request.id,
    entrypoint: request.entrypoint,
    runtime_env: { working_dir: request.package.uri, env_vars: request.environment },
    metadata: request.metadata,
    entrypoint_num_cpus: request.cpus,
    entrypoint_num_gpus: request.gpus,
    ...(request.memory > 0 && { entrypoint_memory: request.memory }),
  }
  return whenReady(async () => {
    try {
      await askRay(ray, 'api/jobs/', submitted, { method: 'POST', body, ...(signal && { signal }) })
      return 'new'
    } catch (error) {
      signal?.throwIfAborted()
      // Two at once, or an answer that was lost: the id decides.
      if (error instanceof RayError && error.code !== 'ray-unreachable' && (await rayJob(ray, request.id, signal)))
        return 'old'
      throw error
    }
  }, signal)
}

/** Asks a job to stop (SIGTERM, SIGKILL later); false if it was over. */
export const stopJob = async (ray: RayTarget, id: string, signal?: AbortSignal): Promise<boolean> =>
  (await askRay(ray, `${path(id)}/stop`, stopped, { method: 'POST', ...(signal && { signal }) })).stopped

/** Forgets a job that is over, with its logs. */
export const deleteJob = async (ray: RayTarget, id: string): Promise<boolean> =>
  (await askRay(ray, path(id), deleted, { method: 'DELETE' })).deleted
