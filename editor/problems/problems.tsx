import { OctagonX, TriangleAlert } from 'lucide-react'
import { useStore } from 'zustand'
import { nodeName } from '../canvas/node-words.ts'
import { nodesById, useDesk, useDocument, useLive } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { useFindingWords } from './finding-words.ts'
import { useFixes } from './fixes.ts'
import { useRunErrorWords } from './run-error-words.ts'

type Problem = {
  key: string
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
    if (!node.error || !nodesById(document).has(id)) return []
    const { what, why } = errorWords(node.error)
    return [
      {
        key: `run ${id}`,
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
      level: finding.level,
      node: finding.node,
      title: named(finding.node),
      text: words(finding).text,
      fix: fixOf.finding(finding),
    }),
  )
  return [...atRun, ...failed, ...found]
}

/** What stands in the way, each with a jump and, where there is one, the button that solves it. */
export const Problems = ({ open }: { open: boolean }) => {
  const t = useT()
  const desk = useDesk()
  const problems = useProblems()
  return (
    <section aria-label={t('problems.title')} className="flex min-h-0 min-w-0 flex-col" data-problems>
      <div className="dock-head">
        <b className="font-semibold">{t('problems.title')}</b>
        {problems.length > 0 && <span className="num text-micro text-ink-3">{problems.length}</span>}
      </div>
      {open && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          {problems.length === 0 && <p className="px-3 py-2.5 text-small text-ink-3">{t('problems.none')}</p>}
          {problems.map(({ key, level, node, title, text, fix }) => (
            <div key={key} className="problem-row">
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
