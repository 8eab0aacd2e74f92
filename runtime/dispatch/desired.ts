import type { DesiredModel } from './protocol.ts'

/** Tuned models that one worker is asked to keep ready. */
export const mostDesired = 16

export type Desired = {
  want: (model: DesiredModel) => void
  /** A request for a model came; others are no business of it. */
  used: (id: string) => void
  /** The least recently used first. */
  list: () => DesiredModel[]
}

/** The models that a worker is asked to keep ready: of too many, the one that was not used for longest goes. */
export const createDesired = (): Desired => {
  const models = new Map<string, DesiredModel>()
  const want = (model: DesiredModel): void => {
    models.delete(model.id)
    models.set(model.id, model)
    for (const oldest of models.keys()) {
      if (models.size <= mostDesired) break
      models.delete(oldest)
    }
  }
  return {
    want,
    used: (id) => {
      const model = models.get(id)
      if (model) want(model)
    },
    list: () => [...models.values()],
  }
}
