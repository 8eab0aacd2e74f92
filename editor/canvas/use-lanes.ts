import { useEffect, useMemo } from 'react'
import { useDesk, useDocument } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { useSight } from './flow-sight.tsx'
import { lanesFor } from './lanes.ts'

/** Lays cables around nodes whenever nodes stand still anew: once per drop or new size, never while one is dragged. */
export const useLanes = () => {
  const desk = useDesk()
  const sight = useSight()
  const nodes = useDocument((document) => document.nodes)
  const edges = useDocument((document) => document.edges)
  const lanes = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    return {
      lay: () => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          desk.view.set({ lanes: lanesFor(desk.store.getState().document.edges, sight.boxes()) })
        }, 80)
      },
      /** Cables of nodes that move are free curves until they stand again. */
      lift: (ids: readonly string[]) => {
        const moving = new Set(ids)
        const isMoving = (id: string) => id.split('>').some((ref) => moving.has(splitRef(ref).node))
        const { lanes: before } = desk.view.getState()
        desk.view.set({ lanes: new Map([...before].filter(([id]) => !isMoving(id))) })
      },
      stop: () => clearTimeout(timer),
    }
  }, [desk, sight])
  // biome-ignore lint/correctness/useExhaustiveDependencies: nodes and edges are the reasons to lay them again
  useEffect(lanes.lay, [lanes, nodes, edges])
  useEffect(() => lanes.stop, [lanes])
  return lanes
}
