/** The one place that knows the canvas library. The rest of the editor speaks of nodes, ports and cables. */
import {
  applyNodeChanges,
  Background,
  type ConnectionLineComponentProps,
  EdgeLabelRenderer,
  type EdgeProps,
  Handle,
  type Edge as LibraryEdge,
  type Node as LibraryNode,
  MiniMap,
  type MiniMapNodeProps,
  type NodeChange,
  NodeResizeControl,
  Position,
  ReactFlow,
  ReactFlowProvider,
  ResizeControlVariant,
  useConnection,
  useReactFlow,
  useUpdateNodeInternals,
  ViewportPortal,
} from '@xyflow/react'
import { type ComponentType, memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Edge, PipelineNode } from '#runtime/pipeline/document.ts'
import type { Point } from '../document/edits.ts'
import { splitRef } from '../document/rules.ts'
import { edgeId, portRef } from '../document/wires.ts'
import { FirstSight, KeepInSight } from './flow-sight.tsx'
import type { PortEnd } from './judge-wire.ts'

export { EdgeLabelRenderer as OverCables, ReactFlowProvider as FlowProvider, ViewportPortal as OnGround }

/** Half of a port's hit area: the library ends cables at its outer side, we end them at the node's border. */
const hitRadius = 12
export const grid = 10
/** From here on only what is in view is drawn: a drag among 200 nodes then takes 7 instead of 40 ms of script a frame. */
const many = 100

type FlowNode = LibraryNode<Record<string, never>, 'box' | 'note'>
type FlowEdge = LibraryEdge<Record<string, never>, 'cable'>
type Place = { x: number; y: number }
export type CableProps = { id: string; from: Place; to: Place; selected: boolean }
export type PullProps = {
  from: Place
  to: Place
  start: PortEnd
  side: 'output' | 'input'
  over?: PortEnd
  refused: boolean
}
export type PulledTo = { at: Point; place: Point; over: PortEnd | undefined }

export type FlowParts = {
  Box: ComponentType<{ id: string }>
  Note: ComponentType<{ id: string }>
  Cable: ComponentType<CableProps>
  Pull: ComponentType<PullProps>
  MiniNode: ComponentType<{ id: string; x: number; y: number; width: number; height: number }>
}

export type FlowProps = {
  parts: FlowParts
  name: string
  nodes: readonly PipelineNode[]
  edges: readonly Edge[]
  isNote: (type: string) => boolean
  widthOf: (node: PipelineNode) => number
  nameOf: (node: PipelineNode) => string
  selectedNodes: ReadonlySet<string>
  selectedEdges: ReadonlySet<string>
  /** Some of these were selected or let go; the library tells of nodes and edges one after the other. */
  onPick: (half: 'nodes' | 'edges', changes: ReadonlyMap<string, boolean>) => void
  onMove: (places: ReadonlyMap<string, Point>) => void
  /** Nodes stand still at new places or in new sizes. */
  onSettled: () => void
  /** These nodes began to move. */
  onLift: (ids: readonly string[]) => void
  canWire: (from: PortEnd, to: PortEnd) => boolean
  onWire: (from: PortEnd, to: PortEnd) => void
  onRewire: (old: Edge, edge: Edge) => void
  onPullStart: (end: PortEnd, side: 'output' | 'input') => void
  /** A wire was let go where nothing takes it: over a port that refuses it, or over empty ground. */
  onPullEnd: (to: PulledTo | undefined) => void
  onHoverEdge: (id: string | undefined) => void
  onDoubleGround: (at: Point, place: Point) => void
  selecting: boolean
  children?: ReactNode
}

/** What selecting adds to a node's height in the library: all ranks stay below it. */
const lifted = 1_000

/**
 * How high each node lies: the lower on the canvas, the higher. A node that grows in a run then slides under the one below
 * it, whose title and ports stay in sight.
 */
const ranksOf = (nodes: readonly PipelineNode[]): ReadonlyMap<string, number> =>
  new Map(
    [...nodes]
      .sort((a, b) => a.at[1] - b.at[1])
      .map((node, at) => [node.id, Math.floor((at * (lifted - 1)) / nodes.length)]),
  )

const toFlowNode = (node: PipelineNode, props: FlowProps, rank: number, old: FlowNode | undefined): FlowNode => {
  const type = props.isNote(node.type) ? 'note' : 'box'
  const selected = props.selectedNodes.has(node.id)
  const width = props.widthOf(node)
  const height = type === 'note' ? node.size?.[1] : undefined
  const ariaLabel = props.nameOf(node)
  const [x, y] = node.at
  const isSame =
    old?.position.x === x &&
    old.position.y === y &&
    old.ariaLabel === ariaLabel &&
    old.selected === selected &&
    old.width === width &&
    old.height === height &&
    old.zIndex === rank &&
    old.type === type
  if (isSame) return old
  const { height: _, ...kept } = old ?? { height: undefined }
  return {
    ...kept,
    id: node.id,
    type,
    ariaLabel,
    position: { x, y },
    data: {},
    selected,
    zIndex: rank,
    width,
    ...(height !== undefined && { height }),
  }
}

const toFlowEdges = (
  edges: readonly Edge[],
  nodes: readonly PipelineNode[],
  selected: ReadonlySet<string>,
): FlowEdge[] => {
  const known = new Set(nodes.map((node) => node.id))
  return edges.flatMap((edge): FlowEdge[] => {
    const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
    if (!known.has(from.node) || !known.has(to.node)) return []
    const id = edgeId(edge)
    return [
      {
        id,
        type: 'cable',
        source: from.node,
        sourceHandle: from.port,
        target: to.node,
        targetHandle: to.port,
        selected: selected.has(id),
      },
    ]
  })
}

const pointerOf = (event: MouseEvent | TouchEvent): Place => {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : undefined
  const at = touch ?? (event as MouseEvent)
  return { x: at.clientX, y: at.clientY }
}

/** The canvas: draws the document's nodes and edges and tells what the person does to them. */
export const Flow = (props: FlowProps) => {
  const { parts, nodes, edges, selectedNodes, selectedEdges, onPick, onMove, onSettled } = props
  const library = useReactFlow<FlowNode, FlowEdge>()
  const [drawn, setDrawn] = useState<FlowNode[]>(() => {
    const ranks = ranksOf(nodes)
    return nodes.map((node) => toFlowNode(node, props, ranks.get(node.id) ?? 0, undefined))
  })

  // Positions live here while a drag goes on; the document learns of them when the hand lets go.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the callbacks of props are not what is drawn
  useEffect(() => {
    setDrawn((old) => {
      const before = new Map(old.map((node) => [node.id, node]))
      const ranks = ranksOf(nodes)
      return nodes.map((node) => toFlowNode(node, props, ranks.get(node.id) ?? 0, before.get(node.id)))
    })
  }, [nodes, selectedNodes])

  const flowEdges = useMemo(() => toFlowEdges(edges, nodes, selectedEdges), [edges, nodes, selectedEdges])

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const moved = new Map<string, Point>()
      const picked = new Map<string, boolean>()
      for (const change of changes) {
        if (change.type === 'position' && change.dragging === false && change.position)
          moved.set(change.id, [Math.round(change.position.x), Math.round(change.position.y)])
        if (change.type === 'select') picked.set(change.id, change.selected)
      }
      setDrawn((old) => applyNodeChanges(changes, old))
      if (moved.size > 0) onMove(moved)
      if (changes.some((change) => change.type === 'dimensions')) onSettled()
      if (picked.size > 0) onPick('nodes', picked)
    },
    [onPick, onMove, onSettled],
  )

  const types = useMemo(() => {
    const Box = memo(({ id }: { id: string }) => <parts.Box id={id} />)
    const Note = memo(({ id }: { id: string }) => <parts.Note id={id} />)
    const Cable = memo((edge: EdgeProps<FlowEdge>) => (
      <parts.Cable
        id={edge.id}
        from={{ x: edge.sourceX - hitRadius, y: edge.sourceY }}
        to={{ x: edge.targetX + hitRadius, y: edge.targetY }}
        selected={edge.selected ?? false}
      />
    ))
    return { nodes: { box: Box, note: Note }, edges: { cable: Cable } }
  }, [parts])

  const pointOf = (at: Place): Pick<PulledTo, 'at' | 'place'> => {
    const place = library.screenToFlowPosition(at)
    return { at: [at.x, at.y], place: [place.x, place.y] }
  }

  return (
    <ReactFlow<FlowNode, FlowEdge>
      aria-label={props.name}
      nodes={drawn}
      edges={flowEdges}
      nodeTypes={types.nodes}
      edgeTypes={types.edges}
      connectionLineComponent={PullLine(parts.Pull)}
      onNodesChange={onNodesChange}
      onEdgesChange={(changes) => {
        const picked = new Map<string, boolean>()
        for (const change of changes) if (change.type === 'select') picked.set(change.id, change.selected)
        if (picked.size > 0) onPick('edges', picked)
      }}
      onNodeDragStart={(_, __, moving) => props.onLift(moving.map((node) => node.id))}
      onSelectionDragStart={(_, moving) => props.onLift(moving.map((node) => node.id))}
      isValidConnection={(wire) =>
        props.canWire(
          { node: wire.source, port: wire.sourceHandle ?? '' },
          { node: wire.target, port: wire.targetHandle ?? '' },
        )
      }
      onConnect={(wire) =>
        props.onWire(
          { node: wire.source, port: wire.sourceHandle ?? '' },
          { node: wire.target, port: wire.targetHandle ?? '' },
        )
      }
      onConnectStart={(_, { nodeId, handleId, handleType }) => {
        if (nodeId && handleId)
          props.onPullStart({ node: nodeId, port: handleId }, handleType === 'target' ? 'input' : 'output')
      }}
      onConnectEnd={(event, state) => {
        const over = state.toHandle?.id ? { node: state.toHandle.nodeId, port: state.toHandle.id } : undefined
        const done = state.isValid || (over && over.node === state.fromNode?.id && over.port === state.fromHandle?.id)
        props.onPullEnd(done ? undefined : { ...pointOf(pointerOf(event)), over })
      }}
      onReconnect={(old, wire) =>
        props.onRewire(
          { from: portRef(old.source, old.sourceHandle ?? ''), to: portRef(old.target, old.targetHandle ?? '') },
          { from: portRef(wire.source, wire.sourceHandle ?? ''), to: portRef(wire.target, wire.targetHandle ?? '') },
        )
      }
      onEdgeMouseEnter={(_, edge) => props.onHoverEdge(edge.id)}
      onEdgeMouseLeave={() => props.onHoverEdge(undefined)}
      onDoubleClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return
        const { at, place } = pointOf({ x: event.clientX, y: event.clientY })
        props.onDoubleGround(at, place)
      }}
      onlyRenderVisibleElements={nodes.length > many}
      snapToGrid
      snapGrid={[grid, grid]}
      minZoom={0.15}
      maxZoom={2}
      panOnScroll
      panOnDrag={props.selecting ? [1] : [0, 1]}
      selectionOnDrag={props.selecting}
      zoomOnDoubleClick={false}
      deleteKeyCode={null}
      disableKeyboardA11y
      edgesFocusable={false}
      elevateNodesOnSelect
      connectionRadius={22}
      reconnectRadius={9}
      connectOnClick={false}
      nodeDragThreshold={2}
    >
      <Background gap={20} size={1.4} color="var(--dot)" />
      <MiniMap
        pannable
        zoomable
        maskStrokeColor="var(--ink)"
        maskStrokeWidth={1.2}
        style={{ width: 152, height: 96 }}
        nodeComponent={parts.MiniNode as ComponentType<MiniMapNodeProps>}
      />
      <FirstSight empty={nodes.length === 0} />
      <KeepInSight />
      {props.children}
    </ReactFlow>
  )
}

const pullLines = new WeakMap<ComponentType<PullProps>, ComponentType<ConnectionLineComponentProps<FlowNode>>>()
const PullLine = (Pull: ComponentType<PullProps>) => {
  const known = pullLines.get(Pull)
  if (known) return known
  const Line = ({
    fromX,
    fromY,
    toX,
    toY,
    fromHandle,
    toHandle,
    connectionStatus,
  }: ConnectionLineComponentProps<FlowNode>) => {
    const isInput = fromHandle.type === 'target'
    // The library hands over the middle of the hit area, which is the node's border.
    const start = { x: fromX, y: fromY }
    const snapped = { x: toX, y: toY }
    return (
      <Pull
        from={isInput ? snapped : start}
        to={isInput ? start : snapped}
        start={{ node: fromHandle.nodeId, port: fromHandle.id ?? '' }}
        side={isInput ? 'input' : 'output'}
        refused={connectionStatus === 'invalid'}
        {...(toHandle?.id && { over: { node: toHandle.nodeId, port: toHandle.id } })}
      />
    )
  }
  pullLines.set(Pull, Line)
  return Line
}

/** The invisible place at a node's border where cables are pulled and plugged; the jack is only drawn. */
export const PortHandle = ({ port, side, name }: { port: string; side: 'input' | 'output'; name: string }) => (
  <Handle
    id={port}
    type={side === 'input' ? 'target' : 'source'}
    position={side === 'input' ? Position.Left : Position.Right}
    className="port-handle"
    role="img"
    aria-label={name}
  />
)

/**
 * Tells the library that a node's ports changed places; call it with what decides them. Not at first: the library measures
 * a new node by itself, and telling it once per node costs a render of all nodes each (12 s of script for 200 nodes).
 */
export const usePortPlaces = (node: string, ports: string): void => {
  const update = useUpdateNodeInternals()
  const known = useRef(ports)
  useEffect(() => {
    if (known.current === ports) return
    known.current = ports
    update(node)
  }, [node, ports, update])
}

type ResizerProps = {
  min: Point
  max: Point
  /** At the lower right corner, for both directions; else at the right border, for the width alone. */
  corner?: boolean
  onResize: (width: number, height: number) => void
}

/** Where a node's size is grasped. */
export const Resizer = ({ min, max, corner, onResize }: ResizerProps) => (
  <NodeResizeControl
    position={corner ? 'bottom-right' : 'right'}
    minWidth={min[0]}
    minHeight={min[1]}
    maxWidth={max[0]}
    maxHeight={max[1]}
    {...(!corner && { variant: ResizeControlVariant.Line, resizeDirection: 'horizontal' as const })}
    onResizeEnd={(_, { width, height }) => onResize(width, height)}
    className={corner ? 'node-resizer corner' : 'node-resizer'}
  />
)

/** What is being pulled right now, for what is shown at the pointer. */
export const usePull = () =>
  useConnection((state) => {
    if (!state.inProgress || !state.fromHandle.id) return undefined
    const over = state.toHandle?.id ? { node: state.toHandle.nodeId, port: state.toHandle.id } : undefined
    return {
      start: { node: state.fromHandle.nodeId, port: state.fromHandle.id },
      side: state.fromHandle.type === 'target' ? ('input' as const) : ('output' as const),
      over,
      refused: state.isValid === false,
      at: state.pointer,
    }
  })
