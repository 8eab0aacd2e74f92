import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { useFixes } from '../problems/fixes.ts'
import { useRunErrorWords } from '../problems/run-error-words.ts'
import type { NodeRun } from '../run-dock/live-run.ts'
import { Button } from '../ui/button.tsx'

/** What happened, why, one button that leads to the remedy and one that avoids it. */
export const NodeTrouble = ({ node, run }: { node: PipelineNode; run: NodeRun }) => {
  const t = useT()
  const desk = useDesk()
  const words = useRunErrorWords()
  const fixes = useFixes()
  if (!run.error) return null
  const { what, why } = words(run.error)
  const fix = fixes.run(node.id, run.error)
  return (
    <div className="node-trouble nodrag" role="alert">
      <b>{what}</b>
      {why && <div className="why">{why}</div>}
      <div className="ways">
        {fix && (
          <Button size="small" onClick={fix.run}>
            {fix.label}
          </Button>
        )}
        <Button size="small" variant="ghost" onClick={() => desk.toggle(new Set([node.id]))}>
          {t('canvas.turn-off')}
        </Button>
      </div>
    </div>
  )
}
