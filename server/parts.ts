import type { Catalogue } from '#nodes/define.ts'
import type { Calls } from '#runtime/dispatch/calls.ts'
import type { Fleet } from '#runtime/dispatch/fleet.ts'
import type { JobDispatcher } from '#runtime/dispatch/jobs/dispatcher.ts'
import type { WantedTarget } from '#runtime/dispatch/outcomes.ts'
import type { Router } from '#runtime/dispatch/router.ts'
import type { DeploymentTarget } from '#runtime/dispatch/targets.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { ParseConfig } from '#runtime/pipeline/config.ts'
import type { FileArtifacts } from '#runtime/store/file-artifacts.ts'
import type { Allowed } from './allow.ts'
import type { ModelInfo } from './api.ts'
import type { Access, Guard, SharedGuard, WorkerGuard } from './auth.ts'
import type { Plans } from './hooks/plans.ts'
import type { Judge } from './judge.ts'
import type { Log } from './log.ts'
import type { Metric } from './metrics.ts'
import type { SignIn } from './sign-in.ts'
import type { Stores } from './stores.ts'

import type { ServedNames } from './v1/served.ts'

/** What the composition root hands to the app. */
export type AppParts = {
  version: string
  workspace: string
  adminToken?: string
  /** The name of the session cookie. */
  cookie: string
  allowed: Allowed
  /** The folder with the built editor. */
  editor: string
  stores: Stores
  engine: Engine
  artifacts: FileArtifacts
  catalogue: Catalogue
  parseConfig: ParseConfig
  models: () => Promise<ModelInfo[]>
  jobs: JobDispatcher
  fleet: Fleet
  router: Router
  /** Calls for workers that cannot be reached. */
  calls: Calls
  /** The id of this server's own worker. */
  localWorker: string | undefined
  /** Calls a model that a worker serves. */
  call: Router['call']
  /** What a deployment would serve. Throws NodeError `deployment-invalid`. */
  checkTarget: (workspace: string, target: WantedTarget) => Promise<DeploymentTarget>
  /** Whether the database answers and the engine takes runs. */
  ready: () => Promise<boolean>
  metrics: () => Promise<Metric[]>
  signIn: SignIn
  log: Log
  now: () => number
}

/** What routes get. */
export type Parts = AppParts & {
  access: Access
  guard: Guard
  guardWorker: WorkerGuard
  guardShared: SharedGuard
  judge: Judge
  plans: Plans
  served: ServedNames
}
