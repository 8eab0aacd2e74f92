import type { NodeContext, Usage } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import type { ActiveRun } from './active-run.ts'
import type { JobProgress, Outside, StepOrigin } from './engine.ts'
import type { PlanNode } from './plan.ts'
import type { Scope } from './state.ts'

/** What an attempt leaves behind besides its result. */
export type Traces = {
  usage: Usage | null
  secrets: string[]
  /** It had a job made. */
  job?: true
}

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
  const idempotencyKey = plain ? `${run.id}/${node.id}` : `${run.id}/${node.id}/${scope.path.join('.')}`
  const tell = (progress: JobProgress) => {
    if (plain && !run.stopped) run.streams.progress(node.id, { type: 'step-progress', node: node.id, ...progress })
  }
  return {
    config: node.config,
    inputs,
    kinds: node.kinds,
    get signal() {
      return signal()
    },
    attempt,
    idempotencyKey,
    secret: async (name) => {
      const value = await secretOf(run, node, name)
      traces.secrets.push(value)
      return value
    },
    emit: (port, delta) => {
      if (plain) run.streams.emit(node.id, port, delta)
    },
    progress: (fraction, note) => tell({ fraction, ...(note !== undefined && { note }) }),
    usage: (used) => {
      traces.usage = sum(traces.usage, used)
      run.usage.inputTokens += used.inputTokens
      run.usage.outputTokens += used.outputTokens
    },
    endpoint: (model) => run.parts.endpoint(model, signal(), run.request.workspace),
    job: async (request) => {
      traces.job = true
      return outsideOf(run).job(originOf(run, node, idempotencyKey), request, tell, signal())
    },
    keepModel: async (model) => outsideOf(run).keepModel(originOf(run, node, idempotencyKey), model),
    deploy: async (request) => outsideOf(run).deploy(originOf(run, node, idempotencyKey), request),
    resource: run.tools.resource,
    memo: run.parts.memo,
    artifacts: run.tools.artifacts,
  }
}

const originOf = (run: ActiveRun, node: PlanNode, key: string): StepOrigin => ({
  workspace: run.request.workspace,
  run: run.id,
  ...(run.request.pipeline !== undefined && { pipeline: run.request.pipeline }),
  node: node.id,
  key,
})

const outsideOf = ({ parts }: ActiveRun): Outside => {
  if (parts.outside) return parts.outside
  throw new NodeError(
    'jobs-missing',
    'This process runs no jobs and keeps no models. Run the pipeline on a server (npm start).',
  )
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
