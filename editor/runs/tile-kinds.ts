import { createContext, useContext, useMemo } from 'react'
import type { Kind } from '#nodes/ports.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { mainKind } from '../canvas/main-kind.ts'
import { type CatalogueMap, type Wiring, wire } from '../document/wiring.ts'

/** Ports and kinds of the run's document, worked out once for the page. */
export const RunWiring = createContext<Wiring>({ nodes: new Map(), edges: new Map() })

export const useRunWiring = (document: PipelineDocument, catalogue: CatalogueMap): Wiring =>
  useMemo(() => wire(document, catalogue), [document, catalogue])

/** The hue of a node's tile. */
export const useTileKind = (node: string): Kind => mainKind(useContext(RunWiring).nodes.get(node), undefined)
