/** How the canvas is looked at; with flow.tsx the only place that knows the canvas library. */
import { useNodesInitialized, useReactFlow, useStore, useStoreApi } from '@xyflow/react'
import { useEffect, useMemo, useRef } from 'react'
import type { Point } from '../document/edits.ts'
import type { Box } from './lanes.ts'

/** Whether the person asked for no motion. */
const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Below this nothing can be read on a node: rather the beginning at a readable size than all of it too small. */
const readable = 0.75

/**
 * Chooses the first view once the nodes are measured: everything, or else the upper left of it. On an empty canvas the view
 * is the person's: the first node stays where it is put.
 */
export const FirstSight = ({ empty }: { empty: boolean }) => {
  const library = useReactFlow()
  const store = useStoreApi()
  const ready = useNodesInitialized()
  const seen = useRef(empty)
  useEffect(() => {
    if (!ready || seen.current) return
    seen.current = true
    const { width, height } = store.getState()
    const box = library.getNodesBounds(library.getNodes())
    const [left, top, bottom] = [40, 40, 96]
    const fitting = Math.min((width - 2 * left) / box.width, (height - top - bottom) / box.height)
    const zoom = Math.min(1, Math.max(readable, fitting))
    const x = box.width * zoom <= width - 2 * left ? (width - box.width * zoom) / 2 : left
    const y = box.height * zoom <= height - top - bottom ? (height - bottom + top - box.height * zoom) / 2 : top
    void library.setViewport({ x: x - box.x * zoom, y: y - box.y * zoom, zoom })
  }, [ready, library, store])
  return null
}

type Library = ReturnType<typeof useReactFlow>

/** Moves the ground so that the one selected node lies within this width, just as far as needed. */
const slideIntoSight = (library: Library, width: number): void => {
  const selected = library.getNodes().filter((node) => node.selected)
  const [node] = selected
  if (!node || selected.length !== 1) return
  const { x, y, zoom } = library.getViewport()
  const right = (node.position.x + (node.measured?.width ?? 0)) * zoom + x
  const left = node.position.x * zoom + x
  const hidden = Math.min(right - (width - 24), left - 24)
  if (hidden > 0) void library.setViewport({ x: x - hidden, y, zoom }, { duration: calm() ? 0 : 180 })
}

/** Moves the ground when a panel opens over the one selected node, just as far as needed. */
export const KeepInSight = () => {
  const library = useReactFlow()
  const width = useStore((state) => state.width)
  const before = useRef(width)
  useEffect(() => {
    const isNarrower = width < before.current
    before.current = width
    if (isNarrower) slideIntoSight(library, width)
  }, [width, library])
  return null
}

export const useZoom = (): number => useStore((state) => state.transform[2])

/** Ways to look at the canvas and to measure what stands on it. */
export const useSight = () => {
  const library = useReactFlow()
  const store = useStoreApi()
  return useMemo(() => {
    const slow = () => (calm() ? 0 : 280)
    return {
      zoomIn: () => void library.zoomIn({ duration: slow() / 2 }),
      zoomOut: () => void library.zoomOut({ duration: slow() / 2 }),
      zoomTo: (zoom: number) => void library.zoomTo(zoom, { duration: slow() }),
      fit: () => void library.fitView({ padding: 0.12, maxZoom: 1, duration: slow() }),
      /** Brings a node into view at a readable size. */
      show: (id: string) =>
        void library.fitView({
          nodes: [{ id }],
          padding: 0.5,
          minZoom: Math.min(1, Math.max(0.75, library.getZoom())),
          maxZoom: Math.max(0.75, library.getZoom()),
          duration: slow(),
        }),
      /** Brings the selected node out from under a panel of this width at the right edge. */
      clear: (panel: number) => slideIntoSight(library, store.getState().width - panel),
      toPlace: (at: Point): Point => {
        const { x, y } = library.screenToFlowPosition({ x: at[0], y: at[1] })
        return [x, y]
      },
      toScreen: (place: Point): Point => {
        const { x, y } = library.flowToScreenPosition({ x: place[0], y: place[1] })
        return [x, y]
      },
      /** All nodes as they stand, with the heights of their ports: for those who lay cables around them. */
      boxes: (): Box[] =>
        library.getNodes().flatMap((node): Box[] => {
          const { measured, internals } = library.getInternalNode(node.id) ?? {}
          if (!measured?.width || !measured.height || !internals) return []
          const { x, y } = node.position
          const heights = (side: 'source' | 'target') =>
            new Map(
              (internals.handleBounds?.[side] ?? []).map(
                (port) => [port.id ?? '', y + port.y + port.height / 2] as const,
              ),
            )
          return [
            {
              id: node.id,
              left: x,
              top: y,
              right: x + measured.width,
              bottom: y + measured.height,
              inputs: heights('target'),
              outputs: heights('source'),
            },
          ]
        }),
      sizeOf: (id: string): Point => {
        const { measured } = library.getInternalNode(id) ?? {}
        return [measured?.width ?? 184, measured?.height ?? 96]
      },
    }
  }, [library, store])
}
