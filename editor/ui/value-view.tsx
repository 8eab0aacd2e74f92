import { useState } from 'react'
import { Link } from 'wouter'
import type { Kind } from '#nodes/ports.ts'
import { useT } from '../i18n/index.tsx'
import { servingLink } from '../shell/serving-link.ts'
import { Button } from './button.tsx'
import { Chip } from './chip.tsx'
import { CopyButton } from './copy-button.tsx'
import { ReportView } from './report-view.tsx'
import { asDocument, asMessage, asReport, asScore } from './value-shapes.ts'

/** Beyond this a value is folded: a page with a megabyte of text in it is of no use. */
const most = 8_000

const Long = ({ text, mono }: { text: string; mono?: boolean }) => {
  const t = useT()
  const [open, setOpen] = useState(false)
  const shown = open ? text : text.slice(0, most)
  return (
    <div>
      <pre
        className={
          mono
            ? 'num whitespace-pre-wrap break-words text-small/[19px]'
            : 'whitespace-pre-wrap break-words font-sans text-[13.5px]/[21px] ko:leading-[23px]'
        }
      >
        {shown}
      </pre>
      {text.length > most && !open && (
        <Button size="small" className="mt-2" onClick={() => setOpen(true)}>
          {t('ui.show-all', { count: text.length })}
        </Button>
      )}
    </div>
  )
}

const Passage = ({ value }: { value: unknown }) => {
  const passage = asDocument(value)
  if (!passage) return <Long text={JSON.stringify(value, null, 2)} mono />
  return (
    <div className="border-line border-b py-2.5 first:pt-0 last:border-b-0 last:pb-0">
      <div className="mb-1 flex items-center gap-2 text-small">
        <span className="min-w-0 flex-1 truncate font-semibold">{passage.source?.file ?? '–'}</span>
        {passage.source && (
          <span className="num text-[11px] text-ink-3">
            {passage.source.start}–{passage.source.end}
          </span>
        )}
        {passage.score !== undefined && <span className="num text-[11px] text-ink-2">{passage.score.toFixed(2)}</span>}
      </div>
      <Long text={passage.text} />
    </div>
  )
}

const MessageView = ({ value }: { value: unknown }) => {
  const message = asMessage(value)
  if (!message) return <Long text={JSON.stringify(value, null, 2)} mono />
  return (
    <div className="py-2 first:pt-0 last:pb-0">
      <div className="num mb-0.5 text-[11px]/4 font-semibold text-ink-3">{message.role}</div>
      <Long text={message.content} />
    </div>
  )
}

const ScoreView = ({ value }: { value: unknown }) => {
  const t = useT()
  const score = asScore(value)
  if (!score) return <Long text={JSON.stringify(value, null, 2)} mono />
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-2">
        <span className="num text-figure font-medium">{score.value.toFixed(2)}</span>
        {score.passed !== undefined && (
          <Chip tone={score.passed ? 'quiet' : 'fail'}>{t(score.passed ? 'ui.passed' : 'ui.not-passed')}</Chip>
        )}
      </div>
      {score.reason && <p className="text-ink-2">{score.reason}</p>}
    </div>
  )
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

const Body = ({ kind, value }: { kind: Kind; value: unknown }) => {
  const report = kind === 'report' || kind === 'any' ? asReport(value) : undefined
  if (report) return <ReportView report={report} />
  const link = servingLink(kind, value)
  if (link)
    return (
      <Link href={link.path} className="num font-medium underline underline-offset-2">
        {link.text}
      </Link>
    )
  if (kind === 'messages' || kind === 'message')
    return list(value).map((one, at) => <MessageView key={String(at)} value={one} />)
  if (kind === 'documents' || kind === 'document')
    return list(value).map((one, at) => <Passage key={String(at)} value={one} />)
  if (kind === 'score') return <ScoreView value={value} />
  if (typeof value === 'string') return <Long text={value} />
  if (typeof value === 'number' || typeof value === 'boolean')
    return <span className="num text-figure font-medium">{String(value)}</span>
  return <Long text={JSON.stringify(value, null, 2) ?? String(value)} mono />
}

/** The text that "Copy" takes of a value. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')

/** A whole value, by its kind: prose as prose, passages with their source, scores as figures, the rest as JSON. */
export const ValueView = ({ kind, value }: { kind: Kind; value: unknown }) => {
  const t = useT()
  if (value === undefined || value === null || value === '') return <p className="text-ink-3">{t('ui.nothing')}</p>
  return (
    <div className="group relative">
      <Body kind={kind} value={value} />
      <div className="absolute -top-1 right-0 rounded-control bg-panel opacity-0 transition-opacity focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={valueText(value)} />
      </div>
    </div>
  )
}
