import { useState } from 'react'
import type { CatalogueEntry } from '#nodes/define.ts'
import type { Kind } from '#nodes/ports.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useDesk, useView } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { isComposing } from '../ui/input.tsx'
import { NodeTile } from '../ui/node-tile.tsx'
import { type State, StatusGlyph } from '../ui/status-glyph.tsx'
import { nodeName } from './node-words.ts'

const TitleInput = ({ id, name }: { id: string; name: string }) => {
  const t = useT()
  const desk = useDesk()
  const [text, setText] = useState(name)
  const end = () => desk.view.set({ renaming: undefined })
  const keep = () => {
    end()
    if (text.trim() !== name) desk.title(id, text)
  }
  return (
    <input
      autoFocus
      className="nodrag"
      aria-label={t('canvas.rename')}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (isComposing(event)) return
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') end()
      }}
    />
  )
}

type NodeHeadProps = { node: PipelineNode; entry: CatalogueEntry | undefined; kind: Kind; state: State }

export const NodeHead = ({ node, entry, kind, state }: NodeHeadProps) => {
  const desk = useDesk()
  const local = useLocal()
  const renaming = useView((view) => view.renaming === node.id)
  const name = nodeName(node, entry, local)
  return (
    <header className="node-head" onDoubleClick={() => desk.view.set({ renaming: node.id })}>
      <NodeTile icon={entry?.icon ?? 'circle-question-mark'} kind={kind} />
      <span className="node-title" title={name}>
        {renaming ? <TitleInput id={node.id} name={name} /> : name}
      </span>
      <StatusGlyph state={state} />
    </header>
  )
}
