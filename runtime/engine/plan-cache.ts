import type { Registry } from '#nodes/define.ts'
import type { PipelineDocument } from '../pipeline/document.ts'
import { makePlan } from './make-plan.ts'
import type { Plan } from './plan.ts'

/** Makes plans once per document object: a published version is one object for all of its runs. */
export const createPlanCache = (registry: Registry) => {
  const published = new WeakMap<PipelineDocument, Plan>()
  const drafts = new WeakMap<PipelineDocument, Plan>()
  return (document: PipelineDocument, draft: boolean): Plan => {
    const plans = draft ? drafts : published
    let plan = plans.get(document)
    if (!plan) {
      plan = makePlan(document, registry, draft)
      plans.set(document, plan)
    }
    return plan
  }
}
export type PlanCache = ReturnType<typeof createPlanCache>
