export type RunFilter = { pipeline?: string; status?: string }

/** Query keys, broad to narrow: invalidating `keys.runs` reaches every run list. */
export const keys = {
  session: ['session'] as const,
  catalogue: ['catalogue'] as const,
  models: ['models'] as const,
  examples: ['examples'] as const,
  pipelines: ['pipelines'] as const,
  allPipelines: ['pipelines', 'all'] as const,
  pipeline: (id: string) => ['pipeline', id] as const,
  versions: (id: string) => ['pipeline', id, 'versions'] as const,
  version: (id: string, version: number) => ['pipeline', id, 'versions', version] as const,
  runs: ['runs'] as const,
  runList: (filter: RunFilter) => ['runs', filter] as const,
  run: (id: string) => ['run', id] as const,
  steps: (run: string, node: string) => ['run', run, 'steps', node] as const,
  secrets: ['secrets'] as const,
  apiKeys: ['api-keys'] as const,
  hooks: ['hooks'] as const,
  workers: ['workers'] as const,
  queue: ['workers', 'queue'] as const,
  jobs: ['jobs'] as const,
  jobList: (state: string | undefined) => ['jobs', 'list', state] as const,
  job: (id: string) => ['jobs', 'one', id] as const,
  jobEvents: (id: string) => ['jobs', 'one', id, 'events'] as const,
  tunedModels: ['tuned-models'] as const,
  deployments: ['deployments'] as const,
}
