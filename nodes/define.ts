import type { z } from 'zod'
import type {
  Artifact,
  ComputedPorts,
  InputValues,
  Kind,
  OutputValues,
  Ports,
  StreamingPorts,
  ValueIn,
} from './ports.ts'

/** A text in both languages of the product. */
export type Bilingual = { en: string; ko: string }

/** The form component of a config field. Without one the JSON Schema's own type decides. */
export type FieldUi =
  | 'text'
  | 'multiline'
  | 'template'
  | 'code'
  | 'json'
  | 'slider'
  | 'model'
  | 'pipeline'
  | 'fields'
  | 'cases'
  | 'resource'
  | 'pattern'
  | 'schema'
  | 'hidden'

declare module 'zod' {
  interface GlobalMeta {
    label?: Bilingual
    help?: Bilingual
    ui?: FieldUi
    /** For `ui: 'resource'`: which kind of resource can be picked. */
    resource?: 'index' | 'dataset'
    /** Shown in a folded "More" part of the form. */
    advanced?: true
    /** Names of the values of an enum, in both languages. */
    options?: Record<string, Bilingual>
    unit?: string
    /** Shown only while each of these other fields has one of the values. */
    when?: Record<string, readonly string[]>
  }
}

/**
 * - `pure`: same inputs, same outputs; replayed freely
 * - `reads`: asks the outside world; retried, cached only if the user says so
 * - `writes`: changes it; one idempotency key on every attempt, a durability barrier before it
 */
export type Effect = 'pure' | 'reads' | 'writes'
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`
export const groups = ['flow', 'prompt', 'retrieval', 'model', 'evaluate', 'data', 'train', 'deploy'] as const
export type Group = (typeof groups)[number]

/** A file of a resource as the run sees it. `digest` is the SHA-256 of its bytes, lower-case hex. */
export type ResourceFile = { path: string; digest: string; bytes: () => Promise<Uint8Array> }
/** A named entry of the document's `resources`, with its globs resolved to files, sorted by path. */
export type Resource = {
  name: string
  kind: string
  settings: Record<string, unknown>
  digest: string
  files: readonly ResourceFile[]
}
/**
 * Where an OpenAI-style engine answers. `url` ends before `/chat/completions`. Calls go through `fetch` where it is given:
 * it picks a worker, waits for its turn, and tries another one as long as no token came.
 */
export type Endpoint = { url: string; model: string; token?: string; fetch?: typeof fetch }
/** Work for a machine that has what it takes; a step that runs again attaches to the job that it made. */
export type JobRequest = {
  /** What kind of work, such as `train`: a worker's capability. */
  kind: string
  spec: Record<string, unknown>
  /** Artifacts by name. */
  inputs: Record<string, Artifact>
  /** Bytes of memory, on each of `gpus` GPUs or of the machine. */
  needs?: { gpus?: number; memory?: number }
}
export type JobResult = { id: string; outputs: Record<string, Artifact>; summary: Record<string, unknown> }
/** A version of a model that was tuned here, to be kept under `name`. */
export type TunedModel = {
  name: string
  base: string
  form: 'adapter' | 'whole'
  /** By file name. */
  files: Record<string, Artifact>
  dataDigest: string
  settings: Record<string, unknown>
  metrics: Record<string, unknown>
  job: string
}
export type DeploymentRequest = {
  name: string
  target:
    | { kind: 'model'; model: string }
    | { kind: 'pipeline'; pipeline: string; version: number | 'latest'; input: string; output: string }
  note?: string
}
export type Usage = { inputTokens: number; outputTokens: number }

export type NodeContext<Config, Inputs, Streams extends string> = {
  config: Config
  inputs: Inputs
  /** The kind that each wired input's value really has (a template port takes several). Arrays for `many` ports. */
  kinds: Readonly<Record<string, Kind>>
  signal: AbortSignal
  /** 1 for the first try. */
  attempt: number
  /** The same on every attempt of this step: root run, node and item path. */
  idempotencyKey: string
  /** Throws NodeError `secret-missing`. Only names that the definition's `secrets` lists are given. */
  secret: (name: string) => Promise<string>
  /** A piece of a streaming output, before its value is returned. */
  emit: (port: Streams, delta: string) => void
  /** `fraction` from 0 to 1. */
  progress: (fraction: number, note?: string) => void
  /** Adds to the run's usage. */
  usage: (used: Usage) => void
  /** Throws NodeError `resource-missing`, `files-missing`. */
  resource: (name: string) => Promise<Resource>
  /** The engine that serves a local or tuned model. Throws NodeError `model-missing`, `no-worker`. */
  endpoint: (model: string) => Promise<Endpoint>
  /**
   * Has a worker do it and waits for the end; what it reports becomes this step's progress. A cancelled run cancels it.
   * Throws NodeError `job-failed`, `jobs-missing`.
   */
  job: (request: JobRequest) => Promise<JobResult>
  /** Keeps a version of a tuned model, once per job. Answers its id, `tuned:<name>@<version>`. */
  keepModel: (model: TunedModel) => Promise<{ model: string }>
  /** Makes a revision of a deployment live, once per step. Throws NodeError `deployment-invalid`. */
  deploy: (request: DeploymentRequest) => Promise<{ name: string; revision: number }>
  /** Keeps the result of `build` in this process under `key` (a digest), bounded, least recently used first out. */
  memo: <T>(key: string, build: () => Promise<T>) => Promise<T>
  artifacts: {
    read: (of: Artifact) => Promise<Uint8Array>
    write: (body: Uint8Array, mime: string, name?: string) => Promise<Artifact>
  }
}

/** Values by port as an example writes them: what flows, and for `each` ports an array of it. Computed ports take anything. */
type ExampleValues<P> =
  P extends ComputedPorts<infer Fixed>
    ? { [K in keyof Fixed & string]?: ExampleValue<Fixed[K]> } & Record<string, unknown>
    : { [K in keyof P & string]?: ExampleValue<P[K]> }
type ExampleValue<P> = P extends { each: true } ? readonly ValueIn<P>[] : ValueIn<P>

export type Example<Config, P, O> = {
  title: Bilingual
  config: Config
  /** For inputs that are `each`: an array of values, given as items 0, 1, 2… */
  inputs: ExampleValues<P>
  /** The kinds of values wired into ports that take several; left out, the port's own kind. */
  kinds?: Record<string, Kind>
  /** Compared with what `run` returns; `each` outputs as arrays. Left out: only that it runs (models). */
  outputs?: ExampleValues<O>
  /** Files of resources for this example, by path. */
  files?: Record<string, string>
  /** The node is expected to fail with this NodeError code. */
  error?: string
}

export type Needs = { gpu?: { memory: `${number}GB`; count?: number } }

export type NodeDefinition<
  C extends z.ZodObject = z.ZodObject,
  I extends Ports | ComputedPorts = Ports | ComputedPorts,
  O extends Ports | ComputedPorts = Ports | ComputedPorts,
> = {
  /** Kebab-case, unique, never renamed: documents in the wild hold it. */
  type: string
  /** Of the config; raised together with an entry in `migrate`. */
  version: number
  title: Bilingual
  group: Group
  /** A lucide icon's name, unique within the group. */
  icon: string
  docs: Bilingual
  keywords?: readonly string[]
  config: C
  inputs: I
  outputs: O
  /** Names of the secrets that a step may ask for. A provider entry of the document's `resources` can name one too. */
  secrets?: (
    config: z.infer<C>,
    resources?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => readonly string[]
  effect: Effect
  /** Worth looking up in the cache though pure. */
  costly?: true
  /** `first` and `most` bound the backoff. Default for `reads` and `writes`: 4 attempts, 500ms doubling to 30s. */
  retry?: { attempts: number; first?: Duration; most?: Duration }
  timeout?: Duration
  needs?: Needs | ((config: z.infer<C>) => Needs)
  /** Step from version n to n + 1; may not remove or retype a port. */
  migrate?: Record<number, (config: Record<string, unknown>) => Record<string, unknown>>
  /** The one mono line on the node, e.g. `hybrid · top 4`; `{key}` is replaced by the config's value. */
  summary?: string
  /** Part of the graph's paper, not of its execution: no ports, no step. */
  annotation?: true
  /** `start`: its outputs are the run's input, and `config.sample` may hold values to try it with. `end`: its inputs are the run's output. */
  boundary?: 'start' | 'end'
  /** A required input that gets nothing does not skip the node as long as one input has a value (merge). */
  joins?: true
  /** A step gives out exactly one of its outputs (branch), so nothing can need two of them. */
  exclusive?: true
  examples?: readonly Example<z.input<C>, I, O>[]
  run: (
    context: NodeContext<z.infer<C>, InputValues<I>, StreamingPorts<O>>,
  ) => Promise<OutputValues<O>> | OutputValues<O>
}

/**
 * Defines a node type: one file, one call, one export line in index.ts. Form, palette entry, handles and help derive from it.
 * @example export const upper = defineNode({ type: 'upper', version: 1, …, run: ({ inputs }) => ({ text: inputs.text.toUpperCase() }) })
 */
export const defineNode = <
  C extends z.ZodObject,
  const I extends Ports | ComputedPorts,
  const O extends Ports | ComputedPorts,
>(
  definition: NodeDefinition<C, I, O>,
): NodeDefinition<C, I, O> => definition

/** A definition whose type parameters are forgotten, as the registry holds it. */
// biome-ignore-start lint/suspicious/noExplicitAny: `run` is contravariant in its config; the engine parses configs before it calls
export type AnyNode = Omit<NodeDefinition<any, any, any>, 'config' | 'inputs' | 'outputs' | 'run'> & {
  config: z.ZodObject
  inputs: Ports | ComputedPorts
  outputs: Ports | ComputedPorts
  run: (context: NodeContext<any, any, any>) => unknown
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above
export type Registry = ReadonlyMap<string, AnyNode>

/** What the editor and the check know of a node type: data only. */
export type CatalogueEntry = {
  type: string
  version: number
  title: Bilingual
  group: Group
  icon: string
  docs: Bilingual
  keywords: readonly string[]
  /** JSON Schema of the config (input side), with `label`, `help`, `ui`… as in GlobalMeta. */
  config: Record<string, unknown>
  inputs: ComputedPorts
  outputs: ComputedPorts
  effect: Effect
  summary?: string
  annotation?: true
  boundary?: 'start' | 'end'
  joins?: true
  exclusive?: true
  examples: readonly { title: Bilingual; config: unknown; inputs: unknown; outputs?: unknown }[]
}
export type Catalogue = readonly CatalogueEntry[]
