import type { FileManifest } from '#runtime/engine/run.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Lifted } from '#runtime/pipeline/lift.ts'
import { fieldsOf, type InputField } from '#runtime/pipeline/run-input.ts'
import type { StoredHook } from '#runtime/store/hooks.ts'
import type { Judge } from '../judge.ts'
import type { Stores } from '../stores.ts'
import { type HookKey, hookKey } from './signature.ts'

/** Everything that a call of a hook needs, looked up and worked out once. */
export type HookPlan = {
  hook: StoredHook
  key: HookKey
  /** Undefined: nothing is published that the hook could serve. */
  serves:
    | {
        pipeline: string
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
  const kept = new Map<string, { until: number; plan: Promise<HookPlan | undefined> }>()

  /** A version never changes: what is known of the same one stays, with the plans that hang on its document. */
  const serve = async (hook: StoredHook, before: HookPlan['serves']): Promise<HookPlan['serves']> => {
    const number = hook.version === 'latest' ? await pipelines.latest(workspace, hook.pipeline) : hook.version
    if (number === undefined) return undefined
    if (before?.version === number && before.pipeline === hook.pipeline) return before
    const found = await pipelines.version(workspace, hook.pipeline, number)
    if (!found) return undefined
    const { lifted } = judge(found.document, Object.keys(found.files))
    return { ...found, pipeline: hook.pipeline, lifted, fields: fieldsOf(lifted) }
  }
  const load = async (name: string, before: HookPlan | undefined): Promise<HookPlan | undefined> => {
    const known = await hooks.find(workspace, name)
    if (!known) return undefined
    const { hook, secret } = known
    return { hook, key: hookKey(hook.auth, secret ?? ''), serves: await serve(hook, before?.serves) }
  }
  const renew = (name: string) => {
    const before = kept.get(name)?.plan.catch(() => undefined)
    const plan = Promise.resolve(before).then((old) => load(name, old))
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
      else for (const entry of kept.values()) entry.until = 0
    },
  }
}
