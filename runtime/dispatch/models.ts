import { z } from 'zod'

/** A model as the editor's picker shows it. `reason`: why it is not ready and what to do. */
export type ListedModel = { id: string; title: string; ready: boolean; reason?: string }

export type ListModelsOptions = {
  /** The models of this machine: `LocalWorker.list`. */
  local: () => Promise<readonly ListedModel[]>
  /** Ids of the models that workers serve. */
  served?: () => readonly string[]
  /** Ids of the models that were tuned here. */
  tuned?: () => Promise<readonly string[]>
  /** Whether the workspace has a secret of this name. */
  hasSecret: (name: string) => Promise<boolean>
  /** Where Ollama would answer. */
  ollama?: string
  signal?: AbortSignal
}

/** A choice of each provider's models, newest first; any other can be typed. The secret has the provider's name. */
const hosted = {
  openai: ['gpt-5.6', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-4.1-mini'],
  anthropic: ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5'],
  google: ['gemini-2.5-pro', 'gemini-flash-latest', 'gemini-flash-lite-latest'],
} as const

const tags = z.object({ models: z.array(z.object({ name: z.string().min(1) })) })
/** Long enough for a process on this machine, short enough that nobody waits for one that is not there. */
const ollamaPatience = 300

const ollamaModels = async (url: string, signal?: AbortSignal): Promise<ListedModel[]> => {
  try {
    const patience = AbortSignal.timeout(ollamaPatience)
    const response = await fetch(`${url}/api/tags`, { signal: signal ? AbortSignal.any([signal, patience]) : patience })
    const { models } = tags.parse(await response.json())
    return models.map(({ name }) => ({ id: `ollama:${name}`, title: name, ready: true }))
  } catch {
    return [] // not there: nothing to offer
  }
}

const hostedModels = async (hasSecret: ListModelsOptions['hasSecret']): Promise<ListedModel[]> => {
  const lists = Object.entries(hosted).map(async ([provider, models]) => {
    const ready = await hasSecret(provider)
    const reason = `Store a key in the secret "${provider}" to use it.`
    return models.map((name) => ({ id: `${provider}:${name}`, title: name, ready, ...(!ready && { reason }) }))
  })
  return (await Promise.all(lists)).flat()
}

/** What is not on this machine: its own are listed with their state, tuned ones from the table. */
const servedModels = (ids: readonly string[], own: readonly ListedModel[]): ListedModel[] => {
  const known = new Set(own.map(({ id }) => id))
  return ids
    .filter((id) => !id.startsWith('tuned:') && !known.has(id))
    .map((id) => ({ id, title: id.slice('local:'.length), ready: true }))
}

const tunedModels = async (ids: () => Promise<readonly string[]>): Promise<ListedModel[]> =>
  (await ids()).map((id) => ({ id, title: id.slice('tuned:'.length), ready: true }))

/** Everything a model node can be pointed at without typing: local, served and tuned ones first, then Ollama if it runs, then hosted. */
export const listModels = async ({
  local,
  served = () => [],
  tuned = async () => [],
  hasSecret,
  ollama = 'http://127.0.0.1:11434',
  signal,
}: ListModelsOptions): Promise<ListedModel[]> => {
  const [own, ...others] = await Promise.all([
    local(),
    tunedModels(tuned),
    ollamaModels(ollama, signal),
    hostedModels(hasSecret),
  ])
  return [...own, ...servedModels(served(), own), ...others.flat()]
}
