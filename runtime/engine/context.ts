import type { NodeContext, Usage } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import type { ActiveRun } from './active-run.ts'
import type { PlanNode } from './plan.ts'
import type { Scope } from './state.ts'

/** What an attempt leaves behind besides its result. */
export type Traces = { usage: Usage | null; secrets: string[] }

// biome-ignore lint/suspicious/noExplicitAny: the engine knows neither configs nor inputs of the types that it runs
type AnyContext = NodeContext<any, any, any>

/** All that a node may reach while it runs. `signal` is asked for only by those who need it. */
export const contextOf = (
  run: ActiveRun,
  node: PlanNode,
  scope: Scope,
  inputs: Record<string, unknown>,
  attempt: number,
  traces: Traces,
  signal: () => AbortSignal,
): AnyContext => {
  const plain = scope.path.length === 0
  return {
    config: node.config,
    inputs,
    kinds: node.kinds,
    get signal() {
      return signal()
    },
    attempt,
    idempotencyKey: plain ? `${run.id}/${node.id}` : `${run.id}/${node.id}/${scope.path.join('.')}`,
    secret: async (name) => {
      const value = await secretOf(run, node, name)
      traces.secrets.push(value)
      return value
    },
    emit: (port, delta) => {
      if (plain) run.streams.emit(node.id, port, delta)
    },
    progress: (fraction, note) => {
      if (!plain || run.stopped || !run.hub.listening()) return
      run.hub.hint({ type: 'step-progress', node: node.id, fraction, ...(note !== undefined && { note }) })
    },
    usage: (used) => {
      traces.usage = sum(traces.usage, used)
      run.usage.inputTokens += used.inputTokens
      run.usage.outputTokens += used.outputTokens
    },
    endpoint: (model) => run.parts.endpoint(model, signal()),
    resource: run.tools.resource,
    memo: run.parts.memo,
    artifacts: run.tools.artifacts,
  }
}

const sum = (a: Usage | null, b: Usage): Usage => ({
  inputTokens: (a?.inputTokens ?? 0) + b.inputTokens,
  outputTokens: (a?.outputTokens ?? 0) + b.outputTokens,
})

const secretOf = async (run: ActiveRun, node: PlanNode, name: string): Promise<string> => {
  if (!node.definition.secrets?.(node.config, run.request.document.resources).includes(name)) {
    throw new NodeError(
      'secret-missing',
      `Node "${node.id}" may not read the secret "${name}": its type does not list it among its secrets.`,
      { details: { name } },
    )
  }
  const value = await run.parts.secret(run.request.workspace, name)
  if (value === undefined) {
    throw new NodeError('secret-missing', `There is no secret "${name}". Add it in the settings and run again.`, {
      details: { name },
    })
  }
  return value
}
