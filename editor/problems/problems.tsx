import { OctagonX, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { nodeName } from '../canvas/node-words.ts'
import { nodesById, useDesk, useDocument, useLive, useView } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { outdatedNodes } from '../run-dock/outdated.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { useFindingWords } from './finding-words.ts'
import { useFixes } from './fixes.ts'
import { useRunErrorWords } from './run-error-words.ts'

type Problem = {
  key: string
  /** It stands in the way of a run, and is not what became of the last one. */
  blocks: boolean
  level: 'error' | 'warning'
  node: string | undefined
  title: string
  text: string
  fix: { label: string; run: () => void } | undefined
}

const useProblems = (): Problem[] => {
  const desk = useDesk()
  const local = useLocal()
  const words = useFindingWords()
  const errorWords = useRunErrorWords()
  const fixOf = useFixes()
  const findings = useStore(desk.findings.state, (state) => state.findings)
  const document = useDocument((of) => of)
  const run = useLive((live) => live.run)
  const named = (id: string | undefined): string => {
    const node = id === undefined ? undefined : nodesById(document).get(id)
    return node ? nodeName(node, desk.catalogue.get(node.type), local) : document.name
  }
  const failed = Object.entries(run?.nodes ?? {}).flatMap(([id, node]): Problem[] => {
    // What was corrected since does not fail any more until it is run again.
    const outdated = run?.document && outdatedNodes(document, run.document).has(id)
    if (!node.error || outdated || !nodesById(document).has(id)) return []
    const { what, why } = errorWords(node.error)
    return [
      {
        key: `run ${id}`,
        blocks: false,
        level: 'error',
        node: id,
        title: named(id),
        text: [what, why].filter(Boolean).join('. '),
        fix: fixOf.run(id, node.error),
      },
    ]
  })
  const atRun: Problem[] =
    run?.error && !run.error.node
      ? [
          {
            key: 'run',
            blocks: false,
            level: 'error',
            node: undefined,
            title: document.name,
            text: errorWords(run.error).what,
            fix: undefined,
          },
        ]
      : []
  const found = findings.map(
    (finding): Problem => ({
      key: JSON.stringify(finding),
      blocks: finding.level === 'error',
      level: finding.level,
      node: finding.node,
      title: named(finding.node),
      text: words(finding).text,
      fix: fixOf.finding(finding),
    }),
  )
  // What blocks the next run stands before what became of the last one.
  return [...found.filter(({ blocks }) => blocks), ...atRun, ...failed, ...found.filter(({ blocks }) => !blocks)]
}

/** What stands in the way, each with a jump and, where there is one, the button that solves it. */
export const Problems = ({ open }: { open: boolean }) => {
  const t = useT()
  const desk = useDesk()
  const problems = useProblems()
  const list = useRef<HTMLDivElement>(null)
  const asked = useView((view) => view.blocked)
  const blocking = problems.filter(({ blocks }) => blocks).length
  const isInTheWay = asked > 0 && blocking > 0
  // Solved once, the panel is quiet until the next run that cannot be.
  useEffect(() => {
    if (blocking === 0) desk.view.set({ blocked: 0 })
  }, [blocking, desk])
  useEffect(() => {
    if (asked > 0 && open) list.current?.querySelector<HTMLElement>('[data-blocks] button')?.focus()
  }, [asked, open])
  return (
    <section aria-label={t('problems.title')} className="flex min-h-0 min-w-0 flex-col" data-problems>
      <div className="dock-head">
        <b className="font-semibold">{t('problems.title')}</b>
        {problems.length > 0 && <span className="num text-micro text-ink-3">{problems.length}</span>}
        <span role="alert" className="min-w-0 truncate text-small font-medium text-fail">
          {isInTheWay && t('problems.in-the-way', { count: blocking })}
        </span>
      </div>
      {open && (
        <div ref={list} className="min-h-0 flex-1 overflow-y-auto">
          {problems.length === 0 && <p className="px-3 py-2.5 text-small text-ink-3">{t('problems.none')}</p>}
          {problems.map(({ key, blocks, level, node, title, text, fix }, at) => (
            <div
              key={key}
              className={cn('problem-row', isInTheWay && at === 0 && 'bg-fail-soft')}
              {...(blocks && { 'data-blocks': '' })}
            >
              {level === 'error' ? (
                <OctagonX aria-hidden className="mt-px size-4 text-fail" />
              ) : (
                <TriangleAlert aria-hidden className="mt-px size-4 text-wait" />
              )}
              <button
                type="button"
                className="min-w-0 text-left outline-offset-2"
                onClick={() => node && desk.view.jump(node)}
              >
                <b className="block truncate font-semibold">{title}</b>
                <span className="text-ink-2 [overflow-wrap:anywhere]">{text}</span>
              </button>
              {fix && (
                <Button size="small" onClick={fix.run}>
                  {fix.label}
                </Button>
              )}
            </div>
          ))}
        </div>
      )}
    </section>
  )
}
