/**
 * The canvas of a pipeline. `?run=<id>` shows that run on it; `?start` begins by asking for the input of a run.
 * @example go(canvasPath(id, { run: run.id }))
 */
export const canvasPath = (pipeline: string, show: { run?: string; start?: true } = {}): string => {
  const path = `/p/${encodeURIComponent(pipeline)}`
  if (show.run) return `${path}?run=${encodeURIComponent(show.run)}`
  return show.start ? `${path}?start` : path
}

export const runPath = (run: string): string => `/runs/${encodeURIComponent(run)}`
