import type { FileManifest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Lifted } from '#runtime/pipeline/lift.ts'
import { fieldsOf, type InputField } from '#runtime/pipeline/run-input.ts'
import type { StoredHook } from '#runtime/store/hooks.ts'
import type { Judge } from '../judge.ts'
import type { Stores } from '../stores.ts'
import { signingKey } from './signature.ts'

/** Everything that a call of a hook needs, looked up and worked out once. */
export type HookPlan = {
  hook: StoredHook
  key: Buffer
  /** Undefined: nothing is published that the hook could serve. */
  serves:
    | {
        version: number
        document: PipelineDocument
        files: FileManifest
        lifted: Lifted
        fields: ReadonlyMap<string, InputField>
      }
    | undefined
}

export type Plans = {
  find: (name: string) => Promise<HookPlan | undefined>
  /** Something was written here; other processes see it when their plans age. */
  forget: (what: { pipeline: string } | { hook: string }) => void
}

/** What another process changed is served at most this long. One lookup in this time is not felt at 1,500 calls/s. */
const freshness = 2_000
/** Names that nobody has come from outside: they must not fill the memory. */
const most = 1_000

type Needs = { workspace: string; stores: Pick<Stores, 'hooks' | 'pipelines'>; judge: Judge; now: () => number }

/** Hooks with the published version that they serve, kept in memory. */
export const createPlans = ({ workspace, stores: { hooks, pipelines }, judge, now }: Needs): Plans => {
  const kept = new Map<string, { until: number; plan: Promise<HookPlan | undefined>; pipeline?: string }>()

  const load = async (name: string): Promise<HookPlan | undefined> => {
    const known = await hooks.find(workspace, name)
    if (!known) return undefined
    const { hook, secret } = known
    const found = await pipelines.version(workspace, hook.pipeline, hook.version)
    const paths = Object.keys(found?.files ?? {})
    const lifted = found && judge(found.document, paths).lifted
    return {
      hook,
      key: signingKey(hook.auth, secret ?? ''),
      serves: found && lifted && { ...found, lifted, fields: fieldsOf(lifted) },
    }
  }
  const renew = (name: string) => {
    const plan = load(name)
    kept.delete(name)
    kept.set(name, { until: now() + freshness, plan })
    for (const oldest of kept.keys()) {
      if (kept.size <= most) break
      kept.delete(oldest)
    }
    // A lookup that failed is not kept: the next call asks again.
    plan.catch(() => kept.delete(name))
    return plan
  }
  return {
    find: (name) => {
      const entry = kept.get(name)
      return entry && entry.until > now() ? entry.plan : renew(name)
    },
    forget: (what) => {
      if ('hook' in what) kept.delete(what.hook)
      // Which hooks serve a pipeline is only known once they are loaded; publishing is rare, lookups are cheap.
      else kept.clear()
    },
  }
}
