import type { Point } from '../document/edits.ts'

export type TidyRequest = {
  nodes: { id: string; width: number; height: number }[]
  edges: { from: string; to: string }[]
}

const snap = (value: number) => Math.round(value / 10) * 10

/** Asks the layout worker, which is started for this and stopped after it. */
export const layOut = (request: TidyRequest): Promise<Map<string, Point>> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./tidy.worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<[string, Point][]>) => {
      worker.terminate()
      resolve(new Map(data))
    }
    worker.onerror = (event) => {
      worker.terminate()
      reject(new Error(event.message))
    }
    worker.postMessage(request)
  })

/**
 * Places nodes on the grid with their first ports at one height: a main path then runs straight. `corner` is where the
 * upper left of what was tidied stood before, so that it does not jump away.
 */
export const settle = (
  places: ReadonlyMap<string, Point>,
  corner: Point,
  edges: TidyRequest['edges'],
): Map<string, Point> => {
  const left = Math.min(...[...places.values()].map(([x]) => x))
  const top = Math.min(...[...places.values()].map(([, y]) => y))
  const settled = new Map(
    [...places].map(([id, [x, y]]): [string, Point] => [id, [snap(x - left + corner[0]), snap(y - top + corner[1])]]),
  )
  // Rows that differ by less than a port row are one row.
  for (const { from, to } of edges) {
    const [a, b] = [settled.get(from), settled.get(to)]
    if (a && b && Math.abs(a[1] - b[1]) < 44 && a[1] !== b[1]) settled.set(to, [b[0], a[1]])
  }
  return settled
}
