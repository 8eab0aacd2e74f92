import { NodeError } from '../errors.ts'
import { type modelProviders, parseModelId } from '../rules.ts'

export { parseModelId }

/** The providers that a model id may name without a `resources` entry, and the secret that holds each one's key. */
export const builtInProviders = {
  local: {},
  tuned: {},
  ollama: {},
  openai: { secret: 'openai' },
  anthropic: { secret: 'anthropic' },
  google: { secret: 'google' },
} as const satisfies Record<(typeof modelProviders)[number], { secret?: string }>
export type BuiltInProvider = keyof typeof builtInProviders

export const isBuiltIn = (provider: string): provider is BuiltInProvider => Object.hasOwn(builtInProviders, provider)

/** Names of the secrets that a call of this model may read: the provider's own, or the one its resource names. */
export const secretsOfModel = (
  id: string,
  resources: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {},
): string[] => {
  const provider = parseModelId(id)?.provider
  if (provider === undefined) return []
  const known: { secret?: string } | undefined = isBuiltIn(provider) ? builtInProviders[provider] : undefined
  const secret = known ? known.secret : resources[provider]?.['secret']
  return typeof secret === 'string' ? [secret] : []
}

/**
 * The model to call: the one that was wired in, if any. A hosted one may only stand in for another of its provider: which
 * keys a node reads is known before it runs.
 */
export const overriding = (chosen: string, wired: string | undefined): string => {
  if (wired === undefined || wired === chosen) return chosen
  const provider = parseModelId(wired)?.provider
  if (provider === 'local' || provider === 'tuned' || provider === 'ollama') return wired
  if (provider !== undefined && provider === parseModelId(chosen)?.provider) return wired
  throw new NodeError(
    'model-refused',
    `The wired model "${wired}" needs a key that this node may not read. Choose a model of the same provider in the node's settings.`,
    { details: { model: wired } },
  )
}
