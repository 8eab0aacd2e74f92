import type { Kind } from '#nodes/ports.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from './cn.ts'

export type Family = 'words' | 'docs' | 'values' | 'rows' | 'judge' | 'serve' | 'any'

/** Hue and shape say the family, the letter says the kind. */
const signs: Record<Kind, readonly [Family, string]> = {
  text: ['words', 'T'],
  message: ['words', 'M'],
  messages: ['words', 'M'],
  document: ['docs', 'D'],
  documents: ['docs', 'D'],
  file: ['docs', 'F'],
  number: ['values', 'N'],
  boolean: ['values', 'B'],
  json: ['values', 'J'],
  row: ['rows', 'R'],
  dataset: ['rows', 'S'],
  score: ['judge', 'S'],
  report: ['judge', 'R'],
  model: ['serve', 'M'],
  deployment: ['serve', 'D'],
  any: ['any', '*'],
}

/** Many of one kind: they bear its sign with a second rim. */
const plurals: ReadonlySet<Kind> = new Set(['messages', 'documents'])

export const familyOf = (kind: Kind): Family => signs[kind][0]
/** The class that sets `--k`, the hue of a kind, for everything inside. */
export const kindClass = (kind: Kind): string => `k-${familyOf(kind)}`

const shape = (family: Family) => {
  switch (family) {
    case 'words':
      return <circle cx="8" cy="8" r="6.2" />
    case 'docs':
      return <rect x="2.2" y="2.2" width="11.6" height="11.6" rx="2.4" />
    case 'values':
      return <path d="M8 .9 15.1 8 8 15.1.9 8z" />
    case 'rows':
      return <rect x=".8" y="3.1" width="14.4" height="9.8" rx="4.9" />
    case 'judge':
      return <path d="M8 1.4 15.3 14.1H.7z" />
    case 'serve':
      return <path d="M4.5 1.9h7L15 8l-3.5 6.1h-7L1 8z" />
    case 'any':
      // Ten even dashes around a dot: one dashed and filled circle looks like a cogwheel.
      return (
        <g>
          <circle cx="8" cy="8" r="6.9" fill="none" strokeWidth="1.3" strokeDasharray="2.6 1.735" />
          <circle cx="8" cy="8" r="4.8" stroke="none" />
        </g>
      )
  }
}

type KindJackProps = {
  kind: Kind
  /** Outlined: a free port. Filled is patched. */
  open?: boolean
  /** Where the kind's name stands beside it. */
  silent?: boolean
  className?: string
}

/** The sign of a port kind, 16 px. */
export const KindJack = ({ kind, open, silent, className }: KindJackProps) => {
  const t = useT()
  const [family, letter] = signs[kind]
  const named = silent ? { 'aria-hidden': true as const } : { role: 'img', 'aria-label': t(`ui.kind-${kind}`) }
  return (
    <svg
      {...named}
      viewBox="0 0 16 16"
      className={cn('jack', kindClass(kind), open && 'open', plurals.has(kind) && 'many', className)}
    >
      {shape(family)}
      {plurals.has(kind) && <g className="rim">{shape(family)}</g>}
      <text x="8" y={family === 'judge' ? 12.3 : 11}>
        {letter}
      </text>
    </svg>
  )
}
