import { setImmediate as nextTick } from 'node:timers/promises'
import type { ActiveRun } from './active-run.ts'
import { createGate } from './gate.ts'
import { nodesIn, tellProgress } from './map-progress.ts'
import type { Block, PlanNode, Unit } from './plan.ts'
import { itemsOf, type Scope } from './state.ts'
import { runStep } from './step.ts'

/**
 * Runs the units of a block in a scope, each as soon as those it waits for have settled. Returns a promise only if one of
 * them has to wait: a run of pure nodes is over when this returns.
 */
export const runBlock = (run: ActiveRun, block: Block, scope: Scope): Promise<void> | undefined => {
  const waits = [...block.waits]
  const ready = waits.flatMap((count, position) => (count === 0 ? [position] : []))
  let open = waits.length
  let over: { resolve: () => void; reject: (error: unknown) => void } | undefined

  const settled = (position: number) => {
    open -= 1
    for (const next of block.dependents[position] ?? []) {
      const left = (waits[next] ?? 0) - 1
      waits[next] = left
      if (left === 0) ready.push(next)
    }
  }
  const advance = () => {
    for (let position = ready.shift(); position !== undefined && !run.stopped; position = ready.shift()) {
      const at = position
      const pending = runUnit(run, block.units[at] as Unit, scope)
      if (!pending) settled(at)
      else {
        pending.then(
          () => {
            settled(at)
            advance()
          },
          (error) => over?.reject(error),
        )
      }
    }
    if (open === 0 || run.stopped) over?.resolve()
  }
  advance()
  if (open === 0 || run.stopped) return undefined
  return new Promise((resolve, reject) => {
    over = { resolve, reject }
  })
}

const runUnit = (run: ActiveRun, { node, block }: Unit, scope: Scope): Promise<void> | undefined => {
  const from = run.plan.nodes[node] as PlanNode
  return block ? runMap(run, from, block, scope) : runStep(run, from, scope)
}

/** Milliseconds of work before others get their turn. */
const slice = 8
/** Rows on their way to the journal before the map waits for it: bounds memory. */
const ahead = 8_000

/** Passes all items of a map through a block, so many at once as its window allows. */
const runMap = async (run: ActiveRun, source: PlanNode, block: Block, scope: Scope): Promise<void> => {
  const { scopes } = itemsOf(scope, source)
  const outermost = scope.path.length === 0
  const nodes = outermost ? nodesIn(run.plan.nodes, block) : []
  const window = createGate(block.window)
  const passing = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  const pass = async (pending: Promise<void>, item: Scope) => {
    try {
      await pending
      tellProgress(run, nodes, false, item)
    } catch (error) {
      failure ??= { error }
    } finally {
      window.leave()
    }
  }
  let since = performance.now()
  let written = run.state.seq
  for (const item of scopes) {
    const full = window.enter()
    if (full) await full
    if (run.stopped || failure) break
    const pending = runBlock(run, block, item)
    if (pending) {
      const passed = pass(pending, item).then(() => void passing.delete(passed))
      passing.add(passed)
    } else window.leave()
    if (performance.now() - since > slice) {
      tellProgress(run, nodes, false, item)
      await nextTick()
      since = performance.now()
    }
    if (run.state.seq - written > ahead) {
      await run.parts.journal.durable(run.id)
      written = run.state.seq
    }
  }
  await Promise.all(passing)
  if (failure) throw failure.error
  if (!run.stopped) tellProgress(run, nodes, true, scopes.at(-1))
}
