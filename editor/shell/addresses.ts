/**
 * The canvas of a pipeline. `?run=<id>` shows that run on it; `?start` begins by asking for the input of a run.
 * @example go(canvasPath(id, { run: run.id }))
 */
export const canvasPath = (pipeline: string, show: { run?: string; start?: true } = {}): string => {
  const path = `/p/${encodeURIComponent(pipeline)}`
  if (show.run) return `${path}?run=${encodeURIComponent(show.run)}`
  return show.start ? `${path}?start` : path
}

const roomPath = (room: string) => (name: string) => `/${room}/${encodeURIComponent(name)}`
export const workerPath = roomPath('workers')
export const jobPath = roomPath('jobs')
/** Of a tuned model's name, or of any model's id. */
export const modelPath = roomPath('models')
export const deploymentPath = roomPath('deployments')

export const runPath = (run: string): string => `/runs/${encodeURIComponent(run)}`

/** A tuned model's page is found by its name, any other model's by its id. */
export const modelRoom = (model: string): string => modelPath(model.replace(/^tuned:(.+)@\d+$/, '$1'))

/** The name in an address: the router leaves signs such as `/` and `:` as they were written. */
export const nameInPath = (part: string | undefined): string | undefined => {
  if (part === undefined) return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
