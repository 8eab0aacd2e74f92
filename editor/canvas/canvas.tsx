import { type DragEvent, useCallback, useMemo, useRef, useState } from 'react'
import { useDesk, useDocument, useView } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { Palette } from '../palette/palette.tsx'
import { dragType } from '../palette/palette-row.tsx'
import { ContextMenu } from '../ui/menu.tsx'
import { Cable } from './cable.tsx'
import './canvas.css'
import './cables.css'
import { useCanvasKeys } from './canvas-keys.ts'
import { useCanvasMenu } from './canvas-menu.tsx'
import { EmptyCanvas } from './empty-canvas.tsx'
import { Flow, type FlowParts } from './flow.tsx'
import { useSight, useZoom } from './flow-sight.tsx'
import { importInto } from './import-dialog.tsx'
import { judgeEnds } from './judge-wire.ts'
import { widthOf } from './main-kind.ts'
import { MiniNode } from './mini-node.tsx'
import { NodeBox } from './node-box.tsx'
import { nodeName } from './node-words.ts'
import { PaperNote } from './paper-note.tsx'
import { edgeUnder, paletteAt, placeForNew } from './places.ts'
import { PullCable, PullReason } from './pull.tsx'
import { RefusedDrop, type RefusedEnds } from './refused-drop.tsx'
import { ToolBar } from './tool-bar.tsx'
import { useLanes } from './use-lanes.ts'
import { usePullEnds } from './use-pull-ends.ts'

const parts: FlowParts = { Box: NodeBox, Note: PaperNote, Cable, Pull: PullCable, MiniNode }

const detailAt = (zoom: number) => (zoom >= 0.75 ? 'all' : zoom >= 0.5 ? 'ports' : 'plates')

const Detail = ({ children, frame }: { children: React.ReactNode; frame: React.RefObject<HTMLDivElement | null> }) => {
  const detail = detailAt(useZoom())
  return (
    <div ref={frame} className="desk-canvas size-full" data-detail={detail}>
      {children}
    </div>
  )
}

type CanvasProps = {
  selecting: boolean
  onSelecting: (on: boolean) => void
  /** A file was dropped that is no pipeline: its text. */
  onRefusedFile: (text: string) => void
}

/** The canvas of an open pipeline with everything that floats on it. */
export const Canvas = ({ selecting, onSelecting, onRefusedFile }: CanvasProps) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const sight = useSight()
  const frame = useRef<HTMLDivElement>(null)
  const nodes = useDocument((document) => document.nodes)
  const edges = useDocument((document) => document.edges)
  const selectedNodes = useView((view) => view.nodes)
  const selectedEdges = useView((view) => view.edges)
  const palette = useView((view) => view.palette)
  const [refused, setRefused] = useState<RefusedEnds | undefined>()
  const menu = useCanvasMenu()
  const pull = usePullEnds(setRefused)
  useCanvasKeys(useCallback(() => onSelecting(!selecting), [onSelecting, selecting]))

  const isNote = useCallback((type: string) => desk.catalogue.get(type)?.annotation === true, [desk])
  const width = useCallback((node: (typeof nodes)[number]) => widthOf(node, desk.catalogue.get(node.type)), [desk])
  const name = useCallback(
    (node: (typeof nodes)[number]) => nodeName(node, desk.catalogue.get(node.type), local),
    [desk, local],
  )
  const move = useCallback((places: ReadonlyMap<string, Point>) => desk.move(places), [desk])
  const lanes = useLanes()
  const graph = () => ({ document: desk.store.getState().document, wiring: desk.wiring(), catalogue: desk.catalogue })

  const onDrop = (event: DragEvent) => {
    const place = placeForNew(sight.toPlace([event.clientX, event.clientY]))
    const type = event.dataTransfer.getData(dragType)
    const [file] = event.dataTransfer.files
    if (type || file) event.preventDefault()
    if (type) desk.add(type, place, edgeUnder(event.target))
    else if (file)
      void file.text().then((text) => {
        if (importInto(desk, text, place).length > 0) onRefusedFile(text)
      })
  }
  const paletteStyle = useMemo(() => paletteAt(palette, frame.current), [palette])

  return (
    <ContextMenu entries={menu.entries}>
      <div
        className="size-full min-h-0"
        onContextMenuCapture={menu.onAsk}
        onDragOver={(event) => {
          if (event.dataTransfer.types.some((type) => type === dragType || type === 'Files')) event.preventDefault()
        }}
        onDrop={onDrop}
        onFocus={(event) => {
          // By Tab: the keys then act on the node that shows the focus, and on no other.
          const id = event.target.classList.contains('react-flow__node') && event.target.dataset.id
          if (id && event.target.matches(':focus-visible')) desk.view.select([id])
        }}
      >
        <Detail frame={frame}>
          <Flow
            parts={parts}
            name={t('canvas.name')}
            nodes={nodes}
            edges={edges}
            isNote={isNote}
            widthOf={width}
            nameOf={name}
            selectedNodes={selectedNodes}
            selectedEdges={selectedEdges}
            onPick={desk.view.pick}
            onMove={move}
            onSettled={lanes.lay}
            onLift={lanes.lift}
            canWire={(from, to) => judgeEnds(graph(), from, to).ok}
            onWire={desk.wire}
            onRewire={desk.rewire}
            onPullStart={pull.onStart}
            onPullEnd={pull.onEnd}
            onHoverEdge={(id) => desk.view.set({ hoveredEdge: id })}
            onDoubleGround={(at, place) => desk.view.set({ palette: { at, place } })}
            selecting={selecting}
          />
          <PullReason />
          {nodes.length === 0 && !palette && <EmptyCanvas />}
          <ToolBar selecting={selecting} onSelecting={onSelecting} />
          {refused && <RefusedDrop ends={refused} onClose={() => setRefused(undefined)} frame={frame} />}
          {palette && (
            <div style={paletteStyle} className="palette-place">
              <Palette
                state={palette}
                onChoose={(type) => {
                  const place = palette.place ?? sight.toPlace(middleOf(frame.current))
                  desk.add(type, placeForNew(place, palette.end?.side), palette.end)
                  desk.view.set({ palette: undefined })
                }}
                onClose={() => desk.view.set({ palette: undefined })}
              />
            </div>
          )}
        </Detail>
      </div>
    </ContextMenu>
  )
}

const middleOf = (frame: HTMLElement | null): Point => {
  const box = frame?.getBoundingClientRect()
  return box ? [box.x + box.width / 2 - 90, box.y + box.height / 2 - 60] : [0, 0]
}
