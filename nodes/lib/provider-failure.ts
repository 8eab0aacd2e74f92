import { NodeError, type Retry } from '../errors.ts'

/** What is known of a failed call of a model: taken from status and codes, never from the text of a message. */
type Facts = {
  status?: number
  code?: string
  param?: string
  /** In milliseconds. */
  retryAfter?: number
  network: boolean
  timeout: boolean
  name: string
  message: string
}
export type CalledModel = { id: string; provider: string; secret?: string; url?: string }

const field = (value: unknown, key: string): unknown =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? Reflect.get(value, key) : undefined
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

/** Google tells its delay in the body, as seconds with an `s`. */
const delayOf = (details: readonly unknown[]): number | undefined => {
  const delay = details.map((detail) => text(field(detail, 'retryDelay'))).find(Boolean)
  return delay && /^[\d.]+s$/.test(delay) ? Number.parseFloat(delay) * 1_000 : undefined
}

const retryAfter = (error: unknown): number | undefined => {
  const headers = field(error, 'headers')
  const value = headers instanceof Headers ? headers.get('retry-after') : text(field(headers, 'retry-after'))
  if (!value) return undefined
  const seconds = Number(value)
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined
}

/** Codes of the operating system and of Node's HTTP client, anywhere down the chain of causes. */
const isNetworkCode = (code: string): boolean =>
  /^(E[A-Z]+|UND_ERR_\w+|CERT_\w+|ERR_TLS_\w+|DEPTH_ZERO_\w+)$/.test(code)
const hasNetworkCause = (error: unknown): boolean => {
  for (let at = error, depth = 0; at !== undefined && depth < 6; at = field(at, 'cause'), depth += 1) {
    const code = text(field(at, 'code'))
    if (code && isNetworkCode(code)) return true
  }
  return false
}
const constructorName = (error: unknown): string => text(field(field(error, 'constructor'), 'name')) ?? ''

const factsOf = (error: unknown): Facts => {
  const body = field(error, 'error')
  const told = field(error, 'errorDetails')
  const details: readonly unknown[] = Array.isArray(told) ? told : []
  const reason = details.map((detail) => text(field(detail, 'reason'))).find(Boolean)
  const status = number(field(error, 'status')) ?? number(field(error, 'status_code'))
  const code =
    reason ??
    text(field(error, 'code')) ??
    text(field(field(body, 'error'), 'type')) ??
    text(field(body, 'code')) ??
    text(field(body, 'type')) ??
    text(field(error, 'type'))
  const param = text(field(error, 'param')) ?? text(field(body, 'param'))
  const after = retryAfter(error) ?? delayOf(details)
  const name = constructorName(error)
  return {
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
    ...(after !== undefined && { retryAfter: after }),
    name,
    timeout: field(error, 'name') === 'TimeoutError' || name === 'APIConnectionTimeoutError',
    network:
      name === 'APIConnectionError' ||
      (status === undefined && (name === 'GoogleGenerativeAIError' || hasNetworkCause(error))),
    message: error instanceof Error ? error.message : String(error),
  }
}

/** Whether the model refused the call because of this parameter alone. */
export const refusedParameter = (error: unknown, parameter: string): boolean => {
  const { status, code, param } = factsOf(error)
  return status === 400 && param === parameter && (code === 'unsupported_value' || code === 'unsupported_parameter')
}

type Kind =
  | 'key-refused'
  | 'model-missing'
  | 'quota-exhausted'
  | 'rate-limited'
  | 'overloaded'
  | 'context-too-long'
  | 'content-filtered'
  | 'network-down'
  | 'model-timeout'
  | 'request-refused'
  | 'model-failed'

/** Error codes of OpenAI, Anthropic, Google and our worker that say more than the status does. */
const byCode: Record<string, Kind> = {
  invalid_api_key: 'key-refused',
  authentication_error: 'key-refused',
  permission_error: 'key-refused',
  API_KEY_INVALID: 'key-refused',
  insufficient_quota: 'quota-exhausted',
  billing_error: 'quota-exhausted',
  model_not_found: 'model-missing',
  not_found_error: 'model-missing',
  context_length_exceeded: 'context-too-long',
  content_filter: 'content-filtered',
  content_policy_violation: 'content-filtered',
  rate_limit_error: 'rate-limited',
  rate_limit_exceeded: 'rate-limited',
  queue_full: 'rate-limited',
  queue_timeout: 'overloaded',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  server_error: 'overloaded',
  engine_crashed: 'overloaded',
  draining: 'overloaded',
}

const byStatus = (status: number): Kind => {
  if (status === 401 || status === 403) return 'key-refused'
  if (status === 404) return 'model-missing'
  if (status === 408) return 'model-timeout'
  if (status === 429) return 'rate-limited'
  return status >= 500 || status === 409 ? 'overloaded' : 'request-refused'
}

const kindOf = (facts: Facts): Kind => {
  if (facts.timeout) return 'model-timeout'
  if (facts.name === 'ContextOverflowError') return 'context-too-long'
  const known = facts.code === undefined ? undefined : byCode[facts.code]
  if (known) return known
  if (facts.status !== undefined) return byStatus(facts.status)
  return facts.network ? 'network-down' : 'model-failed'
}

const later = (kind: Kind, facts: Facts): Retry => {
  switch (kind) {
    case 'rate-limited':
    case 'overloaded':
      return facts.retryAfter === undefined ? 'later' : { after: facts.retryAfter }
    case 'network-down':
    case 'model-timeout':
      return 'later'
    default:
      return 'never'
  }
}

const explain = (kind: Kind, { message }: Facts, { id, provider, secret, url }: CalledModel): string => {
  switch (kind) {
    case 'key-refused':
      return secret
        ? `${provider} refused the key in the secret "${secret}". Replace it in the settings.`
        : `${provider} refused the call of "${id}". Name a secret with a key in its resource.`
    case 'model-missing':
      return `${provider} has no model "${id}", or this key may not use it. Pick another model.`
    case 'quota-exhausted':
      return `The account behind the secret "${secret ?? provider}" has no credit left. Top it up, or pick another model.`
    case 'rate-limited':
      return `${provider} takes no more calls for now. It is tried again; lower the concurrency if this goes on.`
    case 'overloaded':
      return `${provider} is overloaded or restarting. It is tried again.`
    case 'context-too-long':
      return `The prompt is longer than "${id}" can read. Shorten it, retrieve fewer passages, or pick a model with a longer context.`
    case 'content-filtered':
      return `${provider} refused the content. Change the prompt.`
    case 'network-down':
      return provider === 'ollama'
        ? `Ollama does not answer at ${url ?? '127.0.0.1:11434'}. Start it, or pick another model.`
        : `${provider} can not be reached${url ? ` at ${url}` : ''}. Check the network and the address.`
    case 'model-timeout':
      return `"${id}" did not answer in time. It is tried again; raise the node's timeout if this goes on.`
    case 'request-refused':
      return `${provider} did not accept the request: ${message} Change the node's settings.`
    case 'model-failed':
      return `The call of "${id}" failed: ${message}`
  }
}

/** The NodeError for a failed call of a model. */
export const modelFailure = (error: unknown, called: CalledModel): NodeError => {
  if (error instanceof NodeError) return error
  const facts = factsOf(error)
  const kind = kindOf(facts)
  return new NodeError(kind, explain(kind, facts, called), {
    retry: later(kind, facts),
    cause: error,
    details: {
      model: called.id,
      provider: called.provider,
      ...(facts.status !== undefined && { status: facts.status }),
    },
  })
}
