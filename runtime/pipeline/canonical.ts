import type { Edge, PipelineDocument, PipelineNode, Policy, ResourceEntry } from './document.ts'

/** JSON on one line, with spaces inside objects: `{ "a": 1, "b": [0, 0] }`. Depth is bounded by the document's limit. */
const line = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const parts = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([key, part]) => `${JSON.stringify(key)}: ${line(part)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text)
const filled = <T extends object>(value: T | undefined): T | undefined =>
  value !== undefined && Object.values(value).some((part) => part !== undefined) ? value : undefined

const orderPolicy = (policy: Policy | undefined): Policy | undefined =>
  policy &&
  filled({
    retry: policy.retry && { attempts: policy.retry.attempts, first: policy.retry.first, most: policy.retry.most },
    timeout: policy.timeout,
    cache: policy.cache,
    budget:
      policy.budget &&
      filled({ tokens: policy.budget.tokens, usd: policy.budget.usd, gpuSeconds: policy.budget.gpuSeconds }),
    onItemError: policy.onItemError,
    concurrency: policy.concurrency,
  } as Policy)

/** Config keeps its own order: the order of fields is the order of ports. */
const orderNode = (node: PipelineNode): Record<keyof PipelineNode, unknown> => ({
  id: node.id,
  type: node.type,
  version: node.version,
  title: given(node.title),
  disabled: node.disabled,
  config: node.config,
  policy: orderPolicy(node.policy),
  pin: node.pin,
  note: given(node.note),
  at: node.at,
  size: node.size,
})

const orderEdge = ({ from, to }: Edge): Edge => ({ from, to })
const orderResource = ({ kind, files, ...settings }: ResourceEntry) => ({ kind, files, ...settings })

const list = (rows: readonly string[]): string => (rows.length === 0 ? '[]' : `[\n    ${rows.join(',\n    ')}\n  ]`)

/**
 * The one text of a document: known keys in a fixed order, what equals its default left out, one node and one edge a line.
 * Reading it and writing it again gives the same bytes.
 */
export const serialise = (document: PipelineDocument): string => {
  const resources = Object.entries(document.resources ?? {})
  const rows = [
    `"format": ${line(document.format)}`,
    `"name": ${line(document.name)}`,
    given(document.description) && `"description": ${line(document.description)}`,
    resources.length > 0 &&
      `"resources": {\n    ${resources.map(([name, entry]) => `${line(name)}: ${line(orderResource(entry))}`).join(',\n    ')}\n  }`,
    `"nodes": ${list(document.nodes.map((node) => line(orderNode(node))))}`,
    `"edges": ${list(document.edges.map((edge) => line(orderEdge(edge))))}`,
    document.groups &&
      document.groups.length > 0 &&
      `"groups": ${list(document.groups.map(({ title, nodes }) => line({ title, nodes })))}`,
  ]
  return `{\n  ${rows.filter(Boolean).join(',\n  ')}\n}\n`
}

/** SHA-256 of the canonical text, lower-case hex. */
export const digest = async (document: PipelineDocument): Promise<string> => {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(serialise(document)))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
