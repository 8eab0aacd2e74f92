import type { Fleet } from './fleet.ts'

/** Ids, as nodes write them, of the models that workers of a workspace serve now: each once, in the order of the workers. */
export const servedIds = (fleet: Pick<Fleet, 'list'>, workspace: string): string[] => {
  const models = fleet
    .list(workspace)
    .filter(({ state }) => state === 'ready')
    .flatMap(({ beat }) => beat?.models ?? [])
  const names = models.filter(({ state }) => state !== 'failed').map(({ id }) => id)
  return [...new Set(names.map((name) => (name.startsWith('tuned:') ? name : `local:${name}`)))]
}
