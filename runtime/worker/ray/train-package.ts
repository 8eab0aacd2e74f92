import { fileURLToPath } from 'node:url'
import { type TrainSpec, type TrainState, trainerJob } from '../jobs/train-spec.ts'
import { filesBelow, makePackage, type PackageFiles, packageLimit, type RayPackage, sizeOf } from './package.ts'

const entry = fileURLToPath(new URL('./patchbay_ray', import.meta.url))
const trainer = fileURLToPath(new URL('../trainer/patchbay_trainer', import.meta.url))

export type TrainInputs = { base: string; data: string; evaluation: string | undefined; checkpoint: string | undefined }

/**
 * The working directory of a training: the trainer, its job and what it reads. What does not fit, largest first, is named by
 * its path on this machine, and the nodes must have it there too.
 */
export const trainPackage = async (
  spec: TrainSpec,
  inputs: TrainInputs,
  fixed: Pick<TrainState, 'device' | 'threads'>,
  checkpointSeconds: number | undefined,
  limit = packageLimit,
): Promise<RayPackage> => {
  const code = { ...(await filesBelow(entry, 'patchbay_ray')), ...(await filesBelow(trainer, 'patchbay_trainer')) }
  const files: PackageFiles = { ...code }
  // A margin for the code, the job and the zip's own directory.
  let left = limit - 2 ** 20
  const paths = { base: inputs.base, data: inputs.data, evaluation: inputs.evaluation }
  const offered = [
    { name: 'checkpoint', path: inputs.checkpoint, folder: true },
    { name: 'data', path: inputs.data, folder: false },
    { name: 'evaluation', path: inputs.evaluation, folder: false },
    { name: 'base', path: inputs.base, folder: true },
  ]
  const sized = await Promise.all(offered.map(async (one) => ({ ...one, size: one.path ? await sizeOf(one.path) : 0 })))
  for (const { name, path, folder, size } of sized.sort((a, b) => a.size - b.size)) {
    if (path === undefined || size > left) continue
    left -= size
    const under = folder ? name : `${name}.jsonl`
    Object.assign(files, folder ? await filesBelow(path, under) : { [under]: { path } })
    if (name !== 'checkpoint') Object.assign(paths, { [name]: under })
  }
  const job = trainerJob(spec, { ...paths, out: '' }, fixed, checkpointSeconds)
  return makePackage({ ...files, 'job.json': { text: JSON.stringify(job) } })
}
