import { NodeError } from '#nodes/errors.ts'
import { type ActiveRun, signalOf } from './active-run.ts'
import { attempt } from './attempt.ts'
import { contextOf, type Traces } from './context.ts'
import { toRunError } from './failure.ts'
import { createGate, type Gate } from './gate.ts'
import { decide } from './inputs.ts'
import { readReturned } from './outputs.ts'
import type { PlanNode } from './plan.ts'
import { delayBefore } from './retry.ts'
import { settle } from './settle.ts'
import { journalItems, readItems } from './source.ts'
import type { Scope } from './state.ts'

/** Runs a node in a scope, once all that it waits for has settled. Returns a promise only if there is something to wait for. */
export const runStep = (run: ActiveRun, node: PlanNode, scope: Scope): Promise<void> | undefined => {
  if (scope.rows[node.slot] || run.stopped) return undefined
  const lease = run.parts.lease()
  if (lease) return lease.then(() => runStep(run, node, scope))
  const decision = decide(run.plan, node, scope)
  if ('skip' in decision) {
    const { skip: mark, cause: error } = decision
    settle(run, node, scope, {
      status: 'skipped',
      attempt: 0,
      startedAt: null,
      outputs: null,
      error,
      usage: null,
      mark,
    })
    return undefined
  }
  if (node.pin) return runPinned(run, node, scope, node.pin)
  const inputs = node.definition.boundary === 'start' ? run.request.input : decision.run
  const simple = node.definition.effect === 'pure' && node.timeout === undefined && node.retry.attempts === 1
  return simple ? runPure(run, node, scope, inputs) : runAttempts(run, node, scope, inputs)
}

/** The hot path: most pure nodes answer at once, and then no promise is made. */
const runPure = (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  inputs: Record<string, unknown>,
): Promise<void> | undefined => {
  const startedAt = run.parts.clock.now()
  const traces: Traces = { usage: null, secrets: [] }
  try {
    const context = contextOf(run, node, scope, inputs, 1, traces, () => signalOf(run))
    const returned = node.definition.run(context)
    if (isPromise(returned)) {
      if (scope.path.length === 0) run.streams.begin(node.id, 1, startedAt)
      const start = () => returned
      return finish(run, node, scope, 1, startedAt, traces, attempt(run, node, start))
    }
    if (node.starts) return finish(run, node, scope, 1, startedAt, traces, Promise.resolve(returned))
    succeed(run, node, scope, 1, startedAt, traces, readReturned(node, returned).outputs)
  } catch (error) {
    fail(run, node, scope, 1, startedAt, traces, error)
  }
  return undefined
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const finish = async (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  number: number,
  startedAt: number,
  traces: Traces,
  returning: Promise<unknown>,
): Promise<void> => {
  try {
    const { outputs, each } = readReturned(node, await returning)
    if (node.starts) await start(run, node, scope, each)
    succeed(run, node, scope, number, startedAt, traces, outputs)
  } catch (error) {
    fail(run, node, scope, number, startedAt, traces, error)
  }
}

const start = async (run: ActiveRun, node: PlanNode, scope: Scope, each: unknown): Promise<void> => {
  const items = await readItems(run, node, each)
  if (!run.stopped) journalItems(run, node, scope, items)
}

/** Steps that wait, time out or are tried again. Items of a map take turns at the node's gate. */
const runAttempts = async (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  inputs: Record<string, unknown>,
): Promise<void> => {
  const gate = scope.path.length > 0 ? gateOf(run, node) : undefined
  await gate?.enter()
  try {
    // The barrier: what a step that changes the world depends on is on disk before the world changes.
    if (node.definition.effect === 'writes') await run.parts.journal.durable(run.id)
    await tryUntilSettled(run, node, scope, inputs)
  } catch (error) {
    // Only a run that this process has lost fails outside of an attempt.
    if (!run.stopped) throw error
  } finally {
    gate?.leave()
  }
}

const tryUntilSettled = async (run: ActiveRun, node: PlanNode, scope: Scope, inputs: Record<string, unknown>) => {
  const { clock, random, lease } = run.parts
  const traces: Traces = { usage: null, secrets: [] }
  const plain = scope.path.length === 0
  for (let number = 1; !run.stopped; number += 1) {
    await lease()
    const startedAt = clock.now()
    if (plain) run.streams.begin(node.id, number, startedAt)
    try {
      const returned = await attempt(run, node, (signal) =>
        node.definition.run(contextOf(run, node, scope, inputs, number, traces, () => signal)),
      )
      const { outputs, each } = readReturned(node, returned)
      if (node.starts) await start(run, node, scope, each)
      return succeed(run, node, scope, number, startedAt, traces, outputs)
    } catch (error) {
      if (run.stopped) return
      const delay = traces.job && isTimeout(error) ? undefined : delayBefore(node.retry, number, error, random)
      if (delay === undefined) return fail(run, node, scope, number, startedAt, traces, error)
      if (plain) {
        const told = toRunError(error, node, scope.path, traces.secrets)
        const retryAt = Math.round(clock.now() + delay)
        run.streams.restart(node.id, { type: 'step-restart', node: node.id, attempt: number, error: told, retryAt })
      }
      await clock.sleep(delay, signalOf(run))
    }
  }
}

/** A step's time that is over has cancelled its job: another attempt would only find that out. */
const isTimeout = (error: unknown): boolean => error instanceof NodeError && error.code === 'timeout'

const gateOf = (run: ActiveRun, node: PlanNode): Gate => {
  let gate = run.gates.get(node.index)
  if (!gate) {
    gate = createGate(node.concurrency)
    run.gates.set(node.index, gate)
  }
  return gate
}

const runPinned = (run: ActiveRun, node: PlanNode, scope: Scope, pin: Readonly<Record<string, unknown>>) => {
  const startedAt = run.parts.clock.now()
  const how = { status: 'succeeded', attempt: 1, startedAt, error: null, usage: null, mark: 'pinned' } as const
  const each = Object.entries(pin).filter(([port]) => node.outputs[port]?.each)
  const outputs = Object.fromEntries(Object.entries(pin).filter(([port]) => !node.outputs[port]?.each))
  if (node.starts) {
    const length = Math.max(0, ...each.map(([, values]) => (Array.isArray(values) ? values.length : 0)))
    const items = Array.from({ length }, (_, at) =>
      Object.fromEntries(
        each.flatMap(([port, values]) => (Array.isArray(values) && at in values ? [[port, values[at]]] : [])),
      ),
    )
    journalItems(run, node, scope, items)
  }
  settle(run, node, scope, { ...how, outputs })
  return undefined
}

const succeed = (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  number: number,
  startedAt: number,
  { usage }: Traces,
  outputs: Record<string, unknown>,
): void => {
  if (scope.path.length === 0) run.streams.end(node.id)
  settle(run, node, scope, { status: 'succeeded', attempt: number, startedAt, outputs, error: null, usage })
}

const fail = (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  number: number,
  startedAt: number,
  { usage, secrets }: Traces,
  cause: unknown,
): void => {
  if (run.stopped) return
  if (scope.path.length === 0) run.streams.end(node.id)
  const error = toRunError(cause, node, scope.path, secrets)
  settle(run, node, scope, { status: 'failed', attempt: number, startedAt, outputs: null, error, usage })
}
