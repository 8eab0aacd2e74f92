export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number }
/** What a server says of its load. `model` is undefined where it does not tell models apart. */
export type ServerLoad = { model: string | undefined; running: number; waiting: number; kvUse: number | undefined }

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g
const unescape = (text: string) => text.replace(/\\(.)/g, (_, of: string) => (of === 'n' ? '\n' : of))

/** The samples of a text in Prometheus' format. Lines that are none are passed over. */
export const readSamples = (text: string): Sample[] =>
  text.split('\n').flatMap((raw) => {
    const [, name, labels = '', value] = line.exec(raw.trim()) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(label)].map(([, key = '', of = '']) => [key, unescape(of)])
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })

/** vLLM on Ray exports its names with `ray_` before them and without colons. */
const names = {
  running: [
    'vllm:num_requests_running',
    'ray_vllm_num_requests_running',
    'sglang:num_running_reqs',
    'llamacpp:requests_processing',
    'ray_serve_replica_processing_queries',
  ],
  waiting: [
    'vllm:num_requests_waiting',
    'ray_vllm_num_requests_waiting',
    'sglang:num_queue_reqs',
    'llamacpp:requests_deferred',
    'ray_serve_deployment_queued_queries',
  ],
  /** Newest name first: a server between two versions may tell both. */
  kvUse: [
    'vllm:kv_cache_usage_perc',
    'ray_vllm_kv_cache_usage_perc',
    'vllm:gpu_cache_usage_perc',
    'sglang:token_usage',
    'llamacpp:kv_cache_usage_ratio',
  ],
} as const

/** The samples of the first of the names that is there: vLLM on Ray tells its own numbers and Serve's, which are the same requests. */
const firstOf = (samples: readonly Sample[], wanted: readonly string[]): readonly Sample[] =>
  wanted
    .map((name) => samples.filter((sample) => sample.name === name && !Number.isNaN(sample.value)))
    .find((found) => found.length > 0) ?? []

/** The load by model; empty where the text tells nothing of it. Replicas' requests add up; the fullest KV cache counts. */
export const readLoad = (text: string): ServerLoad[] => {
  const samples = readSamples(text)
  const byModel = new Map<string | undefined, ServerLoad>()
  const of = (sample: Sample): ServerLoad => {
    const model = sample.labels['model_name']
    const load = byModel.get(model) ?? { model, running: 0, waiting: 0, kvUse: undefined }
    byModel.set(model, load)
    return load
  }
  for (const sample of firstOf(samples, names.running)) of(sample).running += sample.value
  for (const sample of firstOf(samples, names.waiting)) of(sample).waiting += sample.value
  for (const sample of firstOf(samples, names.kvUse)) {
    const load = of(sample)
    load.kvUse = Math.min(1, Math.max(load.kvUse ?? 0, sample.value))
  }
  return [...byModel.values()]
}
