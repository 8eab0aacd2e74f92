import { createHash } from 'node:crypto'
import type { AnyNode, NodeContext, Resource } from '../define.ts'
import { NodeError } from '../errors.ts'
import type { Artifact, Item, PortInfo } from '../ports.ts'
import { asComputed } from '../registry.ts'
import { portsFor } from '../rules.ts'

export type AnyExample = NonNullable<AnyNode['examples']>[number]
/** What an example did: its outputs, `each` ones as lists, and what was streamed on the way. */
export type ExampleRun = {
  outputs: Record<string, unknown>
  emitted: Record<string, string>
  outputPorts: Record<string, PortInfo>
}

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

const itemsOf = async function* (values: readonly unknown[]): AsyncGenerator<Item<unknown>> {
  for (const [position, value] of values.entries()) yield { path: [position], value }
}

/** The kind of resource that the config field naming `name` asks for. */
const resourceKind = (node: AnyNode, config: Record<string, unknown>, name: string): string => {
  const shape = node.config.shape as Record<string, { meta: () => { resource?: string } | undefined }>
  const key = Object.keys(shape).find((field) => config[field] === name && shape[field]?.meta()?.resource)
  return (key && shape[key]?.meta()?.resource) ?? 'index'
}

const resourceFrom = (name: string, kind: string, files: Record<string, string>): Resource => {
  const entries = Object.entries(files)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => ({ path, digest: sha256(text), bytes: async () => new TextEncoder().encode(text) }))
  return {
    name,
    kind,
    settings: {},
    digest: sha256(JSON.stringify(entries.map((file) => [file.path, file.digest]))),
    files: entries,
  }
}

const memoryArtifacts = (): NodeContext<unknown, unknown, never>['artifacts'] => {
  const kept = new Map<string, Uint8Array>()
  return {
    read: async ({ sha256: digest }: Artifact) => {
      const body = kept.get(digest)
      if (!body) throw new NodeError('artifact-missing', `No artifact ${digest} was written in this example.`)
      return body
    },
    write: async (body, mime, name) => {
      const artifact = { sha256: sha256(body), mime, bytes: body.length, ...(name !== undefined && { name }) }
      kept.set(artifact.sha256, body)
      return artifact
    },
  }
}

/** The context of a node for one execution without an engine: no secrets, no models, artifacts in memory. */
export const contextFor = (
  node: AnyNode,
  { config: given, inputs, kinds, files }: Pick<AnyExample, 'config' | 'inputs' | 'kinds' | 'files'>,
  emitted: Record<string, string> = {},
): NodeContext<Record<string, unknown>, Record<string, unknown>, string> => {
  const config = node.config.parse(given) as Record<string, unknown>
  const ports = portsFor(asComputed(node.inputs), config)
  const memo = new Map<string, Promise<unknown>>()
  return {
    config,
    inputs,
    kinds: { ...Object.fromEntries(Object.keys(inputs).map((name) => [name, ports[name]?.kind ?? 'any'])), ...kinds },
    signal: new AbortController().signal,
    attempt: 1,
    idempotencyKey: `example/${node.type}`,
    secret: async (name) => {
      throw new NodeError('secret-missing', `Examples have no secret "${name}". Run the pipeline instead.`)
    },
    emit: (port, delta) => {
      emitted[port] = (emitted[port] ?? '') + delta
    },
    progress: () => {},
    usage: () => {},
    resource: async (name) => {
      if (!files) throw new NodeError('resource-missing', `The example has no files for "${name}". Give it some.`)
      return resourceFrom(name, resourceKind(node, config, name), files)
    },
    endpoint: async (model) => {
      throw new NodeError('model-missing', `Examples have no model "${model}". Run the pipeline instead.`)
    },
    job: async ({ kind }) => {
      throw new NodeError('jobs-missing', `Examples have no workers for a "${kind}" job. Run the pipeline instead.`)
    },
    keepModel: async ({ name }) => {
      throw new NodeError('jobs-missing', `Examples keep no model "${name}". Run the pipeline instead.`)
    },
    deploy: async ({ name }) => {
      throw new NodeError('jobs-missing', `Examples deploy nothing as "${name}". Run the pipeline instead.`)
    },
    memo: <T>(key: string, build: () => Promise<T>) => {
      const kept = (memo.get(key) as Promise<T> | undefined) ?? build()
      memo.set(key, kept)
      return kept
    },
    artifacts: memoryArtifacts(),
  }
}

/** Executes an example of a node as the engine would: config parsed, `each` inputs as streams of items, files as a resource. */
export const runExample = async (node: AnyNode, example: AnyExample): Promise<ExampleRun> => {
  const config = node.config.parse(example.config) as Record<string, unknown>
  const inputPorts = portsFor(asComputed(node.inputs), config)
  const outputPorts = portsFor(asComputed(node.outputs), config)
  const inputs = Object.fromEntries(
    Object.entries(example.inputs as Record<string, unknown>).map(([name, value]) => [
      name,
      inputPorts[name]?.each ? itemsOf(value as unknown[]) : value,
    ]),
  )
  const emitted: Record<string, string> = {}
  const context = contextFor(node, { ...example, inputs }, emitted)
  const { each, ...outputs } = (await node.run(context)) as Record<string, unknown> & {
    each?: AsyncIterable<Record<string, unknown>>
  }
  if (each) {
    for (const [name, port] of Object.entries(outputPorts)) if (port.each) outputs[name] = []
    for await (const item of each) {
      for (const [name, value] of Object.entries(item)) (outputs[name] as unknown[] | undefined)?.push(value)
    }
  }
  return { outputs, emitted, outputPorts }
}
