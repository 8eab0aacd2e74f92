import { startLeaseLoop } from '#runtime/worker/jobs/lease-loop.ts'
import { createTrainExecutor } from '#runtime/worker/jobs/train.ts'
import { logToStderr as log } from '#runtime/worker/log.ts'
import { createServerClient } from '#runtime/worker/server-client.ts'

/** A process that takes training jobs and saves often: SERVER TOKEN PYTHON MODELS FOLDER. It is there to be killed. */
const [server = '', token = '', python = '', models = '', folder = ''] = process.argv.slice(2)
const loop = startLeaseLoop({
  server: createServerClient(server, token),
  executors: [createTrainExecutor({ python, models, devices: [], log, checkpointSeconds: 0.2 })],
  slots: 1,
  folder,
  room: async () => ({ gpus: 0, memory: 1e9 }),
  log,
  wait: 2,
  checkpoints: 300,
  backoff: { first: 50, most: 500 },
})
process.on('SIGTERM', () => void loop.drain().then(() => process.exit(0)))
