import { z } from 'zod'

/** Everything that can flow through a wire. Pure data: the editor and the check use it too. */
export const kinds = [
  'text',
  'message',
  'messages',
  'document',
  'documents',
  'file',
  'number',
  'boolean',
  'json',
  'row',
  'dataset',
  'score',
  'report',
  'model',
  'deployment',
  'any',
] as const
export type Kind = (typeof kinds)[number]

export const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })
export type Message = z.infer<typeof message>

/** Immutable bytes named by their SHA-256. */
export const artifact = z.object({
  sha256: z.string(),
  mime: z.string(),
  bytes: z.number(),
  name: z.string().optional(),
})
export type Artifact = z.infer<typeof artifact>

/** A passage of a file. `start` and `end` are offsets in UTF-16 code units of the file's text, `end` exclusive. */
export const document = z.object({
  text: z.string(),
  source: z.object({ file: z.string(), start: z.int(), end: z.int() }).optional(),
  score: z.number().optional(),
})
export type Document = z.infer<typeof document>

export const row = z.record(z.string(), z.json())
export type Row = z.infer<typeof row>

/** A judgement of one item: 0 is worst, 1 is best. */
export const score = z.object({
  value: z.number().min(0).max(1),
  passed: z.boolean().optional(),
  reason: z.string().optional(),
})
export type Score = z.infer<typeof score>

/** A reference to a dataset version, by name and manifest digest. */
export const dataset = z.object({ name: z.string(), digest: z.string(), rows: z.int() })
export type Dataset = z.infer<typeof dataset>

/** Means and intervals over many scores. `low` and `high` bound the 95 % interval of `mean`. */
export const report = z.object({
  n: z.int(),
  holes: z.int(),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
  method: z.enum(['wilson', 'bootstrap', 'normal', 'none']),
  passed: z.int().optional(),
  histogram: z.array(z.int()),
})
export type Report = z.infer<typeof report>

export const modelRef = z.object({ model: z.string() })
export const deploymentRef = z.object({ name: z.string(), revision: z.int() })

/** The schema of a value of each kind, for parsing what comes from outside: run inputs, pins, rows. */
export const kindSchema = {
  text: z.string(),
  message,
  messages: z.array(message),
  document,
  documents: z.array(document),
  file: artifact,
  number: z.number(),
  boolean: z.boolean(),
  json: z.json(),
  row,
  dataset,
  score,
  report,
  model: modelRef,
  deployment: deploymentRef,
  any: z.unknown(),
} satisfies Record<Kind, z.ZodType>
export type ValueOf<K extends Kind> = z.infer<(typeof kindSchema)[K]>

/** What is known of a port without its code: the catalogue, the check and the editor work on this. */
export type PortInfo = {
  kind: Kind
  title?: string
  /** Input: may stay unwired. */
  optional?: true
  /** Input: several edges may enter; `run` receives an array in edge order. */
  many?: true
  /** Output: deltas of text may be emitted before the value is whole. */
  streams?: true
  /** A stream of items with positions: as an output it starts a map, as an input it ends one. */
  each?: true
  /** Input: kinds taken beside `kind`, left as they are; the node renders them itself. */
  accepts?: readonly Kind[]
  /** The kind is that of whatever is wired into this input of the same node (`kind` until it is wired). */
  sameAs?: string
}

/** A port in a node definition. `T` is what flows; it exists for the compiler only. */
export type Port<T = unknown> = PortInfo & { readonly of?: T }
// biome-ignore lint/suspicious/noExplicitAny: a port of any value, for constraints only
export type Ports = Record<string, Port<any>>

/** Ports computed from config, by the rules in rules.ts: the closed set that the editor can evaluate too. */
export type PortRule =
  | { rule: 'fromTemplate'; key: string; port: PortInfo }
  | { rule: 'fromFields'; key: string; port: Omit<PortInfo, 'kind'> }
  | { rule: 'fromKeys'; key: string; port: PortInfo }
  | { rule: 'fromKind'; key: string; name: string; port: Omit<PortInfo, 'kind'> }
/** Fixed ports first, then those that the rules add. */
export type ComputedPorts<Fixed extends Ports = Ports> = { fixed: Fixed; rules: readonly PortRule[] }

const make =
  <K extends Kind>(kind: K) =>
  (title?: string): Port<ValueOf<K>> => ({ kind, ...(title !== undefined && { title }) })

/**
 * Builds ports.
 * @example inputs: { messages: port.many(port.messages()), hint: port.optional(port.text()) }
 */
export const port = {
  text: make('text'),
  message: make('message'),
  messages: make('messages'),
  document: make('document'),
  documents: make('documents'),
  file: make('file'),
  number: make('number'),
  boolean: make('boolean'),
  json: make('json'),
  row: make('row'),
  dataset: make('dataset'),
  score: make('score'),
  report: make('report'),
  model: make('model'),
  deployment: make('deployment'),
  any: make('any'),
  /** Text that arrives in pieces: `emit(port, delta)` before the value is returned. */
  textStream: (title?: string): Port<string> & { streams: true } => ({ ...port.text(title), streams: true }),
  optional: <P extends Port>(of: P): P & { optional: true } => ({ ...of, optional: true }),
  many: <T>(of: Port<T>): Port<T[]> & { many: true } => ({ ...(of as PortInfo), many: true }),
  each: <T>(of: Port<T>): Port<T> & { each: true } => ({ ...of, each: true }),
  /** An input that takes further kinds as they are; `kinds` of the context says which one came. */
  accepting: <T, const K extends Kind>(of: Port<T>, ...accepts: readonly K[]): Port<T | ValueOf<K>> => ({
    ...(of as PortInfo),
    accepts,
  }),
  sameAs: <const Input extends string>(input: Input): Port<unknown> => ({ kind: 'any', sameAs: input }),
  /** One optional-less input per `{{variable}}` of the template in `config[key]`. */
  fromTemplate: (key: string): ComputedPorts<Record<never, never>> => ({
    fixed: {},
    rules: [{ rule: 'fromTemplate', key, port: { kind: 'text', accepts: templateKinds } }],
  }),
  /** One port per entry of the record `config[key]`, whose values are kinds. */
  fromFields: (key: string, as: Omit<PortInfo, 'kind'> = {}): ComputedPorts<Record<never, never>> => ({
    fixed: {},
    rules: [{ rule: 'fromFields', key, port: as }],
  }),
  /** One port per key of the record `config[key]`, all alike. */
  fromKeys: (key: string, as: PortInfo): ComputedPorts<Record<never, never>> => ({
    fixed: {},
    rules: [{ rule: 'fromKeys', key, port: as }],
  }),
  /** One port `name` of the kind that `config[key]` says. */
  fromKind: (key: string, name: string, as: Omit<PortInfo, 'kind'> = {}): ComputedPorts<Record<never, never>> => ({
    fixed: {},
    rules: [{ rule: 'fromKind', key, name, port: as }],
  }),
  /** Fixed ports beside computed ones. */
  with: <Fixed extends Ports>(fixed: Fixed, ...computed: ComputedPorts[]): ComputedPorts<Fixed> => ({
    fixed,
    rules: computed.flatMap((c) => c.rules),
  }),
}

/** What a `{{variable}}` takes beside text; nodes/lib/template.ts holds the one rendering of each. */
export const templateKinds = [
  'number',
  'boolean',
  'json',
  'row',
  'document',
  'documents',
  'message',
  'messages',
] as const satisfies readonly Kind[]

/**
 * One item of an `each` stream as a node that ends the map receives it. `path` is its position, outermost first; items
 * arrive in the order of their positions.
 */
export type Item<T> =
  | { path: readonly number[]; value: T }
  | { path: readonly number[]; hole: 'failed' | 'skipped'; error?: string }

/** What flows through a port, as the compiler knows it. */
export type ValueIn<P> = P extends Port<infer T> ? T : never
type Given<P> = P extends { each: true } ? AsyncIterable<Item<ValueIn<P>>> : ValueIn<P>
type FixedOf<P> = P extends ComputedPorts<infer F> ? F : P
// biome-ignore lint/suspicious/noExplicitAny: computed ports have no names at compile time
type Computed<P> = P extends ComputedPorts ? Record<string, any> : unknown

/** What `run` finds in `inputs`. */
export type InputValues<P, F = FixedOf<P>> = {
  [K in keyof F as F[K] extends { optional: true } ? never : K]: Given<F[K]>
} & {
  [K in keyof F as F[K] extends { optional: true } ? K : never]?: Given<F[K]> | undefined
} & Computed<P>

type EachKeys<F> = { [K in keyof F]: F[K] extends { each: true } ? K : never }[keyof F]
type EachItem<P, F = FixedOf<P>> = { [K in EachKeys<F>]: ValueIn<F[K]> } & Computed<P>
type EachPart<P, F = FixedOf<P>> = [EachKeys<F>] extends [never]
  ? P extends ComputedPorts
    ? { each?: AsyncIterable<EachItem<P>> | Iterable<EachItem<P>> }
    : unknown
  : { each: AsyncIterable<EachItem<P>> | Iterable<EachItem<P>> }
/**
 * What `run` returns: a value per output taken (a port left out starves what hangs on it), and, where outputs are `each`,
 * their items together under the key `each`, so that all of them share positions.
 */
export type OutputValues<P, F = FixedOf<P>> = { [K in Exclude<keyof F, EachKeys<F>>]?: ValueIn<F[K]> } & EachPart<P> &
  Computed<P>
export type StreamingPorts<P, F = FixedOf<P>> = {
  [K in keyof F]: F[K] extends { streams: true } ? K : never
}[keyof F] &
  string
