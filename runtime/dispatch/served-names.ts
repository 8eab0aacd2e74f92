import type { Fleet } from './fleet.ts'

/** Names of the models that workers of a workspace serve now, each once, in the order of the workers. */
export const servedNames = (fleet: Pick<Fleet, 'list'>, workspace: string): string[] => {
  const models = fleet
    .list(workspace)
    .filter(({ state }) => state === 'ready')
    .flatMap(({ beat }) => beat?.models ?? [])
  return [...new Set(models.filter(({ state }) => state !== 'failed').map(({ id }) => id))]
}
