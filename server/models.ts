import type { ModelInfo } from './api.ts'

/** Models that this machine serves, by the ids that nodes name. */
export const listModels = async (local: () => Promise<string[]>): Promise<ModelInfo[]> =>
  (await local()).map((id) => ({ id, title: id, ready: true }))
