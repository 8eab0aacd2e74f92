import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Finding, PipelineNode } from '#runtime/pipeline/document.ts'
import { nodesById, useDesk, useDocument } from '../document/desk.ts'
import { splitRef } from '../document/rules.ts'
import { compact, duration } from '../i18n/format.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { useFindingWords } from '../problems/finding-words.ts'
import type { NodeRun } from '../run-dock/live-run.ts'
import { StepProgress } from '../run-dock/step-progress.tsx'
import { Ticking } from '../run-dock/ticking.tsx'
import type { State } from '../ui/status-glyph.tsx'
import { nodeName } from './node-words.ts'

const tokens = ({ usage }: NodeRun): number => (usage ? usage.inputTokens + usage.outputTokens : 0)

/** "Waits for Find": the first node before this one that has not ended. */
const Waits = ({ id }: { id: string }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const document = useDocument((of) => of)
  const waitsFor = useStore(desk.live, ({ run }) =>
    document.edges
      .filter((edge) => splitRef(edge.to).node === id)
      .map((edge) => splitRef(edge.from).node)
      .find((source) => !run?.nodes[source]?.ended),
  )
  const source = waitsFor === undefined ? undefined : nodesById(document).get(waitsFor)
  if (!source) return <span className="words">{t('ui.state-queued')}</span>
  return (
    <span className="words">
      {t('canvas.waits-for', { node: nodeName(source, desk.catalogue.get(source.type), local) })}
    </span>
  )
}

const Items = ({ run, live }: { run: NodeRun; live: boolean }) => {
  const t = useT()
  const { items } = run
  if (!items) return null
  const over = items.done + items.failed + items.skipped
  if (live) return <span className="live">{items.total === undefined ? over : `${over}/${items.total}`}</span>
  const total = items.total ?? over
  if (items.failed === 0) return <span>×{total}</span>
  return (
    <span>
      {items.done}/{total} <span className="bad">{t('canvas.items-failed', { count: items.failed })}</span>
    </span>
  )
}

const Figures = ({ run, live }: { run: NodeRun; live: boolean }) => (
  <>
    <span className="push" />
    {tokens(run) > 0 && <span>{compact(tokens(run))} tok</span>}
    {live && run.startedAt !== undefined
      ? // Where the time left is known it stands in the foot; there is no room for both.
        run.doneAt === undefined && <Ticking since={run.startedAt} />
      : run.ms !== undefined && <span>{duration(run.ms)}</span>}
  </>
)

type NodeFootProps = {
  node: PipelineNode
  state: State
  run: NodeRun | undefined
  /** What it shows is of before its last change. */
  outdated: boolean
  findings: readonly Finding[]
}

/** Count or state word, tokens, time. A node with nothing to say has no foot. */
export const NodeFoot = ({ node, state, run, outdated, findings }: NodeFootProps) => {
  const t = useT()
  const desk = useDesk()
  const words = useFindingWords()
  const line = (content: ReactNode) => <footer className="node-foot">{content}</footer>
  switch (state) {
    case 'disabled':
      return line(
        <>
          <span className="words">{t('canvas.off')}</span>
          <button type="button" className="words push nodrag" onClick={() => desk.toggle(new Set([node.id]))}>
            {t('canvas.turn-on')}
          </button>
        </>,
      )
    case 'invalid': {
      const finding = findings.find((one) => one.level === 'error')
      return (
        finding &&
        line(
          <button
            type="button"
            className="words bad nodrag"
            title={words(finding).text}
            onClick={() => desk.view.jump(node.id)}
          >
            {words(finding).short}
          </button>,
        )
      )
    }
    case 'queued':
      return line(<Waits id={node.id} />)
    case 'skipped':
      return line(<span className="words">{t(`canvas.skipped-${run?.skipReason ?? 'upstream'}`)}</span>)
    case 'cancelled':
      return line(<span className="words">{t('ui.state-cancelled')}</span>)
    case 'running':
    case 'streaming':
      return run
        ? line(
            <>
              <Items run={run} live />
              {run.retryAt !== undefined && (
                <span className="words">{t('canvas.tries-again', { attempt: (run.attempt ?? 1) + 1 })}</span>
              )}
              <StepProgress run={run} />
              <Figures run={run} live />
            </>,
          )
        : null
    case 'succeeded':
    case 'cached':
    case 'failed':
      return run
        ? line(
            <>
              <Items run={run} live={false} />
              {state === 'cached' && <span className="words">{t('canvas.kept-result')}</span>}
              <Figures run={run} live={false} />
            </>,
          )
        : null
    default:
      return outdated && run
        ? line(
            <span className="words">{t(run.status === 'failed' ? 'canvas.outdated-failure' : 'canvas.outdated')}</span>,
          )
        : null
  }
}
