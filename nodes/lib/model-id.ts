/** The providers that a model id may name without a `resources` entry, and the secret that holds each one's key. */
export const builtInProviders = {
  local: {},
  tuned: {},
  ollama: {},
  openai: { secret: 'openai' },
  anthropic: { secret: 'anthropic' },
  google: { secret: 'google' },
} as const satisfies Record<string, { secret?: string }>
export type BuiltInProvider = keyof typeof builtInProviders

export const isBuiltIn = (provider: string): provider is BuiltInProvider => Object.hasOwn(builtInProviders, provider)

/** `openai:gpt-5-nano` taken apart. Only the first colon counts: model names have colons of their own. */
export const parseModelId = (id: string): { provider: string; model: string } | undefined => {
  const colon = id.indexOf(':')
  return colon > 0 && colon < id.length - 1 ? { provider: id.slice(0, colon), model: id.slice(colon + 1) } : undefined
}

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
