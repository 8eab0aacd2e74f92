import type { ComputedPorts, Kind, PortInfo, PortRule } from './ports.ts'
import { kinds } from './ports.ts'

/** `{{name}}` and `{{a.b}}` only, letters of any script; anything else between braces is text. */
const variable = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*)\s*\}\}/gu

export type TemplatePart = { text: string } | { variable: string; path: readonly string[] }

/** Splits a template into text and variables. `{{a.b.c}}` is variable `a` with path `['b', 'c']`. */
export const parseTemplate = (template: string): TemplatePart[] => {
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of template.matchAll(variable)) {
    if (match.index > end) parts.push({ text: template.slice(end, match.index) })
    const [name, ...path] = (match[1] as string).split('.')
    parts.push({ variable: name as string, path })
    end = match.index + match[0].length
  }
  if (end < template.length) parts.push({ text: template.slice(end) })
  return parts
}

/** The variables of a template, each once, in the order they appear. */
export const templateVariables = (template: string): string[] => [
  ...new Set(parseTemplate(template).flatMap((part) => ('variable' in part ? [part.variable] : []))),
]

const isKind = (value: unknown): value is Kind => kinds.includes(value as Kind)
const keysOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []

const applyRule = (rule: PortRule, config: Record<string, unknown>): [string, PortInfo][] => {
  const value = config[rule.key]
  switch (rule.rule) {
    case 'fromTemplate':
      return typeof value === 'string' ? templateVariables(value).map((name) => [name, rule.port]) : []
    case 'fromFields':
      return keysOf(value).map(([name, kind]) => [name, { ...rule.port, kind: isKind(kind) ? kind : 'any' }])
    case 'fromKeys':
      return keysOf(value).map(([name]) => [name, rule.port])
    case 'fromKind':
      return [[rule.name, { ...rule.port, kind: isKind(value) ? value : 'any' }]]
  }
}

/** The ports that a node with this config has, in order. A computed port never replaces a fixed one. */
export const portsFor = (ports: ComputedPorts, config: Record<string, unknown>): Record<string, PortInfo> => ({
  ...Object.fromEntries(ports.rules.flatMap((rule) => applyRule(rule, config))),
  ...ports.fixed,
})

/** How a value of kind `from` fits an input. `same`: as it is. `coerced`: see `coerce`. `rendered`: by the template. */
export type Fit = 'same' | 'coerced' | 'rendered'

/** Whether an output of kind `from` may be wired into `to`; undefined means no. The only coercions of DESIGN §4. */
export const fits = (from: Kind, to: PortInfo): Fit | undefined => {
  if (from === to.kind) return 'same'
  if (to.accepts?.includes(from)) return 'rendered'
  if (to.kind === 'any') return 'coerced'
  if (from === 'message' && to.kind === 'messages') return 'coerced'
  if (from === 'document' && to.kind === 'documents') return 'coerced'
  return undefined
}

/** Turns a value of kind `from` into what an input of kind `to` expects, given that `fits(from, to)`. */
export const coerce = (value: unknown, from: Kind, to: Kind): unknown =>
  (from === 'message' && to === 'messages') || (from === 'document' && to === 'documents') ? [value] : value

/** The providers that a model id may name without a `resources` entry. */
export const modelProviders = ['local', 'tuned', 'ollama', 'openai', 'anthropic', 'google'] as const

/** `openai:gpt-5-nano` taken apart. Only the first colon counts: model names have colons of their own. */
export const parseModelId = (id: string): { provider: string; model: string } | undefined => {
  const colon = id.indexOf(':')
  return colon > 0 && colon < id.length - 1 ? { provider: id.slice(0, colon), model: id.slice(colon + 1) } : undefined
}
