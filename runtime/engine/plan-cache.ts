import type { Registry } from '#nodes/define.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import { makePlan } from './make-plan.ts'
import type { Plan } from './plan.ts'

export type PlanCache = (document: PipelineDocument, draft: boolean) => Plan

/**
 * Makes plans once. A published version is one object for all of its runs; drafts and queued runs come as copies, which
 * their text tells apart (10 nodes: 0.03 ms, against 0.5 ms for a plan). The least recently used texts go first.
 */
export const createPlanCache = (registry: Registry, kept = 64): PlanCache => {
  const byObject = { draft: new WeakMap<PipelineDocument, Plan>(), published: new WeakMap<PipelineDocument, Plan>() }
  const byText = new Map<string, Plan>()
  const planOf = (document: PipelineDocument, draft: boolean): Plan => {
    const text = `${draft} ${JSON.stringify(document)}`
    const plan = byText.get(text) ?? makePlan(document, registry, draft)
    byText.delete(text)
    byText.set(text, plan)
    if (byText.size > kept) byText.delete(byText.keys().next().value as string)
    return plan
  }
  return (document, draft) => {
    const plans = draft ? byObject.draft : byObject.published
    const known = plans.get(document) ?? planOf(document, draft)
    plans.set(document, known)
    return known
  }
}
