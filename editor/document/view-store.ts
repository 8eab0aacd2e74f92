import { createStore } from 'zustand/vanilla'
import type { Point } from './edits.ts'

/** An open end that the palette's choice is wired to: a port, or an edge that the new node is put onto. */
export type OpenEnd =
  | { side: 'output'; node: string; port: string }
  | { side: 'input'; node: string; port: string }
  | { side: 'edge'; from: string; to: string }
export type PaletteState = {
  /** Where the palette stands, in pixels of the canvas; absent: above "Add node". */
  at?: Point
  /** Where the chosen node will stand, in the document's coordinates. */
  place?: Point
  end?: OpenEnd
}

/** What one person sees and holds at the moment; never saved, never undone. */
export type ViewState = {
  nodes: ReadonlySet<string>
  edges: ReadonlySet<string>
  /** How often other nodes were selected; a node that is renamed stays the same choice. */
  choice: number
  hoveredEdge: string | undefined
  /** Ways of the cables that would else pass behind a node, by edge. */
  lanes: ReadonlyMap<string, { x1: number; y: number; x2: number }>
  renaming: string | undefined
  palette: PaletteState | undefined
  /** A wire is being dragged from this port; `targets` are the ports it may be plugged into, as `node.port`. */
  pulling: { node: string; port: string; side: 'output' | 'input'; targets: ReadonlySet<string> } | undefined
  outline: boolean
  /** The keyboard menu that plugs this node, or this input of it, is open. */
  wiring: { node: string; port?: string } | undefined
  /** Ask the canvas to bring a node into view. */
  travel: { node: string; count: number } | undefined
  /** A run was asked for while errors stand in its way: how often. */
  blocked: number
}

const none: ReadonlySet<string> = new Set()
const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) => a.size === b.size && [...a].every((id) => b.has(id))

export const createViewStore = () => {
  const store = createStore<ViewState>(() => ({
    nodes: none,
    edges: none,
    choice: 0,
    hoveredEdge: undefined,
    lanes: new Map(),
    renaming: undefined,
    palette: undefined,
    pulling: undefined,
    outline: false,
    wiring: undefined,
    travel: undefined,
    blocked: 0,
  }))
  const select = (nodes: Iterable<string>, edges: Iterable<string> = []) => {
    const before = store.getState()
    const next = { nodes: new Set(nodes), edges: new Set(edges) }
    if (!same(before.nodes, next.nodes)) store.setState({ ...next, choice: before.choice + 1 })
    else if (!same(before.edges, next.edges)) store.setState(next)
  }
  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    set: (part: Partial<ViewState>) => store.setState(part),
    select,
    /** Selects some nodes or edges more and lets others go; the other half stays as it is by now. */
    pick: (half: 'nodes' | 'edges', changes: ReadonlyMap<string, boolean>) => {
      const now = store.getState()
      const picked = new Set(now[half])
      for (const [id, selected] of changes) picked[selected ? 'add' : 'delete'](id)
      if (half === 'nodes') select(picked, now.edges)
      else select(now.nodes, picked)
    },
    /** Lets go what is not in the document any more. */
    keepOnly: (nodes: ReadonlySet<string>, edges: ReadonlySet<string>) => {
      const now = store.getState()
      select(
        [...now.nodes].filter((id) => nodes.has(id)),
        [...now.edges].filter((id) => edges.has(id)),
      )
    },
    /** A node gets another id. Called before the document's edit, after which the old id would be let go. */
    replace: (id: string, to: string) => {
      const { nodes } = store.getState()
      if (id !== to && nodes.has(id))
        store.setState({ nodes: new Set([...nodes].map((one) => (one === id ? to : one))) })
    },
    /** A run was asked for that cannot be: the problems show themselves. */
    block: () => store.setState({ blocked: store.getState().blocked + 1 }),
    /** Selects a node and brings it into view. */
    jump: (node: string) => {
      select([node])
      store.setState({ travel: { node, count: (store.getState().travel?.count ?? 0) + 1 } })
    },
  }
}
export type ViewStore = ReturnType<typeof createViewStore>
