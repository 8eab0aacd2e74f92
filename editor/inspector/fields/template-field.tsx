import { useMemo } from 'react'
import { useDesk, useDocument, useWiredNode } from '../../document/desk.ts'
import { parseTemplate } from '../../document/rules.ts'
import { edgeId } from '../../document/wires.ts'
import { cn } from '../../ui/cn.ts'
import { kindClass } from '../../ui/kind-jack.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'
import './template-field.css'

type Piece = { key: string; text: string; variable?: string }

/** A line in pieces of text and variables. Positions in the text are the keys. */
const piecesOf = (line: string): Piece[] => {
  let at = 0
  return parseTemplate(line).map((part) => {
    if ('text' in part) {
      const piece = { key: String(at), text: part.text }
      at += part.text.length
      return piece
    }
    // The parser forgets the spaces inside the braces; the mirror must not, or the letters would not lie on each other.
    const length = line.indexOf('}}', at) + 2 - at
    const piece = { key: String(at), text: line.slice(at, at + length), variable: part.variable }
    at += length
    return piece
  })
}

/** What is wired into each variable, so that it wears that hue. */
const useVariableClasses = (node: string): ReadonlyMap<string, string> => {
  const desk = useDesk()
  const wired = useWiredNode(node)
  const document = useDocument((of) => of)
  return useMemo(() => {
    const edges = desk.wiring(document).edges
    return new Map(
      (wired?.inputs ?? []).map((port) => {
        const edge = document.edges.find((one) => one.to === `${node}.${port.name}`)
        const kind = edge ? (edges.get(edgeId(edge))?.kind ?? port.kind) : port.kind
        return [port.name, cn(kindClass(kind), !edge && 'free')]
      }),
    )
  }, [desk, wired, document, node])
}

/** A template: a text field over its own picture, in which variables wear the hue of what is wired into them. */
export const TemplateField = ({ value, onChange, control, node }: FieldProps) => {
  const draft = useDraft(String(value ?? ''), onChange)
  const classes = useVariableClasses(node.id)
  const lines = draft.value.split('\n')
  return (
    <div className="template-field">
      <div aria-hidden className="template-picture">
        {lines.map((line, at) => (
          // Lines have no identity but their place.
          <div key={String(at)} className="template-line">
            <i>{at + 1}</i>
            <span>
              {piecesOf(line).map((piece) =>
                piece.variable === undefined ? (
                  piece.text
                ) : (
                  <b key={piece.key} className={cn('template-variable', classes.get(piece.variable))}>
                    {piece.text}
                  </b>
                ),
              )}
              {/* An empty line has its height too. */}
              {line === '' && '\u200b'}
            </span>
          </div>
        ))}
      </div>
      <textarea {...control} spellCheck={false} {...draft} />
    </div>
  )
}
