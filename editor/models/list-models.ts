import type { ModelInfo, TunedModelInfo } from '#server/api.ts'

export type TunedVersion = TunedModelInfo['versions'][number]
export type ModelRow =
  | { form: 'tuned'; key: string; name: string; versions: readonly TunedVersion[]; newest: TunedVersion | undefined }
  | { form: 'local' | 'hosted'; key: string; info: ModelInfo }

/** One list: what was tuned here first, then what runs here, then what others host. Versions stand newest first. */
export const modelRows = (tuned: readonly TunedModelInfo[], infos: readonly ModelInfo[]): ModelRow[] => {
  const made = tuned.map(({ name, versions }): ModelRow => {
    const sorted = versions.toSorted((a, b) => b.version - a.version)
    return { form: 'tuned', key: name, name, versions: sorted, newest: sorted[0] }
  })
  const others = infos
    .filter(({ id }) => !id.startsWith('tuned:'))
    .map((info): ModelRow => ({ form: /^(local|ollama):/.test(info.id) ? 'local' : 'hosted', key: info.id, info }))
  const local = others.filter((row) => row.form === 'local')
  return [...made, ...local, ...others.filter((row) => row.form === 'hosted')]
}

const providers: Readonly<Record<string, string>> = {
  ollama: 'Ollama',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
}
/** Who answers for a model, by its id; nothing for what this server and its workers run. */
export const providerOf = (id: string): string | undefined => {
  const name = id.slice(0, id.indexOf(':'))
  return Object.hasOwn(providers, name) ? providers[name] : undefined
}

/** The figure a version is judged by: the evaluation's loss where there is one, else the training's. */
export const lossOf = (metrics: Record<string, unknown>): number | undefined => {
  const { evaluation, loss } = metrics
  const held =
    typeof evaluation === 'object' && evaluation !== null && 'loss' in evaluation ? evaluation.loss : undefined
  return [held, loss].find((value): value is number => typeof value === 'number')
}

/** Every figure of the metrics, one level of nesting flattened: `evaluation.loss`. */
export const figuresOf = (metrics: Record<string, unknown>): [name: string, value: number][] =>
  Object.entries(metrics).flatMap(([name, value]): [string, number][] => {
    if (typeof value === 'number') return [[name, value]]
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([inner, figure]): [string, number][] =>
      typeof figure === 'number' ? [[`${name}.${inner}`, figure]] : [],
    )
  })
