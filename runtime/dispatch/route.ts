/** A worker that could answer. `load`: requests there; `share` of the prompt that it knows; `served` so far, to break ties. */
export type Candidate = { id: string; load: number; share: number; served: number }

/** A beginning that is known to less than this is not worth a detour. */
export const worthwhileShare = 0.3
/** Loads differ too much when the busiest exceeds the idlest by both. */
export const imbalance = { requests: 64, factor: 1.5 }

const less = (a: Candidate, b: Candidate): boolean => (a.load === b.load ? a.served < b.served : a.load < b.load)
const nearer = (a: Candidate, b: Candidate): boolean => (a.share === b.share ? less(a, b) : a.share > b.share)
const best = (of: readonly Candidate[], before: (a: Candidate, b: Candidate) => boolean) =>
  of.reduce<Candidate | undefined>((found, one) => (found && !before(one, found) ? found : one), undefined)

/**
 * The worker for a request: where the most of its prompt was evaluated before, or where the least is going on, when nobody
 * knows much of it or the loads differ too much. Pure.
 */
export const route = (candidates: readonly Candidate[]): Candidate | undefined => {
  const idlest = best(candidates, less)
  if (!idlest) return undefined
  const busiest = Math.max(...candidates.map(({ load }) => load))
  const tilted = busiest > idlest.load + imbalance.requests && busiest > idlest.load * imbalance.factor
  const nearest = tilted ? undefined : best(candidates, nearer)
  return nearest && nearest.share > worthwhileShare ? nearest : idlest
}
