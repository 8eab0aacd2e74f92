import { z } from 'zod'

export const limits = { nodes: 5_000, edges: 20_000, bytes: 5_000_000, depth: 64 } as const

const nodeId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'An id has 1 to 64 letters, digits, "-" or "_".')
const portRef = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}\.[\p{L}\p{N}_-]{1,64}$/u, 'An end of an edge is written node.port.')
const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'A duration is a number with ms, s, m or h, such as 30s.')

/**
 * Any JSON value. Not `z.json()`, whose recursive union takes 2 s for 5 MB: `parseDocument` has walked the whole value before,
 * so there is nothing left to find here.
 */
const jsonValue = z.unknown() as z.ZodType<z.core.util.JSONType, z.core.util.JSONType>

/** What stands around a node's config and holds for every type. */
export const policy = z.strictObject({
  retry: z
    .strictObject({ attempts: z.int().min(1).max(20), first: duration.optional(), most: duration.optional() })
    .optional(),
  timeout: duration.optional(),
  cache: z.strictObject({ for: duration }).optional(),
  budget: z
    .strictObject({
      tokens: z.int().positive().optional(),
      usd: z.number().positive().optional(),
      gpuSeconds: z.number().positive().optional(),
    })
    .optional(),
  onItemError: z.enum(['fail', 'skip', 'collect']).optional(),
  /** Items of a mapped node in flight at once. */
  concurrency: z.int().min(1).max(1_000).optional(),
})
export type Policy = z.infer<typeof policy>

export const pipelineNode = z.strictObject({
  id: nodeId,
  type: z.string().min(1).max(64),
  version: z.int().min(1),
  title: z.string().max(200).optional(),
  config: z.record(z.string(), jsonValue),
  at: z.tuple([z.number(), z.number()]),
  size: z.tuple([z.number().positive(), z.number().positive()]).optional(),
  policy: policy.optional(),
  /** Output values by port that stand in for the node in draft runs; stripped on publish. */
  pin: z.record(z.string(), jsonValue).optional(),
  disabled: z.literal(true).optional(),
  note: z.string().max(10_000).optional(),
})
export type PipelineNode = z.infer<typeof pipelineNode>

export const edge = z.strictObject({ from: portRef, to: portRef })
export type Edge = z.infer<typeof edge>

/** Stays inside the document's folder: no `..`, no absolute path, no drive letter, no backslash. */
const glob = z
  .string()
  .min(1)
  .max(1_000)
  .regex(
    /^(?![/\\]|[A-Za-z]:)(?!(?:[\s\S]*\/)?\.\.(?:\/|$))[^\\]+$/,
    'A path is relative, stays inside the folder of the pipeline, and is written with "/", such as ./handbook/*.md.',
  )

/** `files` are paths or globs relative to the document; `settings` of the kind stand beside them. */
export const resource = z.looseObject({
  kind: z.enum(['index', 'dataset', 'provider']),
  files: z.array(glob).max(1_000).optional(),
})
export type ResourceEntry = z.infer<typeof resource>

export const group = z.strictObject({ title: z.string().max(200), nodes: z.array(nodeId) })

export const pipelineDocument = z.strictObject({
  format: z.literal('patchbay/1'),
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  resources: z
    .record(
      z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'A resource is named with 1 to 64 letters, digits, "-" or "_".'),
      resource,
    )
    .optional(),
  nodes: z.array(pipelineNode).max(limits.nodes),
  edges: z.array(edge).max(limits.edges),
  groups: z.array(group).max(500).optional(),
})
/** The saved form of a pipeline, format patchbay/1. */
export type PipelineDocument = z.infer<typeof pipelineDocument>

/** A meaning error: saved with the draft, refused on publish and run. */
export type Finding = {
  code: FindingCode
  level: 'error' | 'warning'
  /** English: what is wrong and what to do. The editor translates by code and details. */
  message: string
  node?: string
  port?: string
  /** Position in `edges`. */
  edge?: number
  details?: Record<string, string | number>
}
export type FindingCode =
  | 'cycle'
  | 'unknown-type'
  | 'newer-version'
  | 'invalid-config'
  | 'broken-edge'
  | 'kind-mismatch'
  | 'input-missing'
  | 'input-taken'
  | 'needs-stream'
  | 'zip-first'
  | 'both-arms'
  | 'duplicate-output'
  | 'resource-missing'
  | 'files-missing'
  | 'model-invalid'
  | 'secret-missing'
  | 'empty'

/** `node.port` taken apart. */
export const splitRef = (ref: string): { node: string; port: string } => {
  const dot = ref.indexOf('.')
  return { node: ref.slice(0, dot), port: ref.slice(dot + 1) }
}
