import { ChevronDown, Play, Square } from 'lucide-react'
import { useMemo } from 'react'
import { inputFields } from '#runtime/pipeline/run-input.ts'
import { useDesk, useDocument, useLive } from '../document/desk.ts'
import { catalogueList } from '../document/wiring.ts'
import { compact } from '../i18n/format.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { Meter } from '../ui/meter.tsx'
import { Popover } from '../ui/popover.tsx'
import { InputForm } from './input-form.tsx'
import { firstInput, inputWords, lastInput } from './last-input.ts'
import { overallProgress } from './overall-progress.ts'
import { RunTime } from './run-time.tsx'
import type { Runner } from './runner.ts'

/** What Run gives to the run, by name; a press changes it. */
const AskInput = ({ runner }: { runner: Runner }) => {
  const t = useT()
  const desk = useDesk()
  const document = useDocument((of) => of)
  const fields = useMemo(() => inputFields(document, catalogueList(desk.catalogue)), [document, desk])
  const input = lastInput(desk.id, fields)
  const words = input === undefined ? '' : inputWords(input)
  const title = input === undefined ? t('dock.input-asked') : t('dock.input-with', { input: words })
  return (
    <Popover
      name={t('dock.input')}
      open={runner.asking}
      onOpenChange={runner.ask}
      // Not the button of the input: the next thing to press is run or stop.
      onCloseFocus={() => globalThis.document.querySelector<HTMLElement>('[data-transport] button')?.focus()}
      className="w-96 max-w-[calc(100vw-32px)]"
      trigger={
        <Button
          size="small"
          variant="ghost"
          className="-mx-2 gap-1 px-1.5 font-normal font-sans"
          title={fields.size === 0 ? t('dock.no-input') : `${title}\n${t('dock.input-change')}`}
          data-input-words
        >
          <span className="sr-only">{t('dock.input-change')}: </span>
          <span className="max-w-[128px] truncate max-wide:max-w-[72px]">{words || t('dock.input-short')}</span>
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <InputForm
        fields={fields}
        values={firstInput(desk.id, fields)}
        onStart={(given) => void runner.start(given)}
        busy={runner.isStarting}
        error={runner.error}
      />
    </Popover>
  )
}

/** How far the run is, in the middle of the top bar: a segment per item or node, count, time, tokens. */
const Progress = () => {
  const t = useT()
  const desk = useDesk()
  const run = useLive((live) => live.run)
  const number = useLive((live) => live.number)
  const nodes = useDocument((document) => document.nodes)
  const total = useMemo(
    () => nodes.filter((node) => !node.disabled && !desk.catalogue.get(node.type)?.annotation).length,
    [nodes, desk],
  )
  if (!run) return null
  const { done, failed, of } = overallProgress(run, total)
  const width = 160
  const segment = Math.max(3, Math.min(16, Math.floor(width / Math.max(1, of))))
  const isOver = run.endedAt !== undefined
  const tokens = run.usage.inputTokens + run.usage.outputTokens
  return (
    <>
      {number !== undefined && <b className="font-medium text-ink">#{number}</b>}
      <div className="max-wide:hidden" style={{ width: Math.min(width, segment * of) }}>
        <Meter
          done={of === 0 ? 0 : done / of}
          failed={of === 0 ? 0 : failed / of}
          name={t('dock.progress')}
          segment={segment}
          quiet={isOver && run.status !== 'failed'}
          className="h-3"
        />
      </div>
      <span title={t('dock.nodes-done', { done, total: of })}>
        <b className={cn('font-medium text-ink', run.status === 'failed' && 'text-fail')}>{done}</b>/{of}
      </span>
      <RunTime run={run} />
      {tokens > 0 && <span>{compact(tokens)} tok</span>}
    </>
  )
}

/** Run and stop, and how far it is. The one lime button of the canvas. */
export const Transport = ({ runner }: { runner: Runner }) => {
  const t = useT()
  const hasRun = useLive((live) => live.run !== undefined)
  return (
    <div
      role="group"
      aria-label={t('dock.name')}
      className="num flex h-[34px] items-center gap-3 rounded-[9px] bg-sunken pr-3 pl-[3px] text-small text-ink-2 inset-ring inset-ring-line"
      data-transport
    >
      {runner.isActive ? (
        <Button size="small" className="h-7 font-sans" onClick={runner.stop} disabled={runner.isStopping}>
          <Square aria-hidden fill="currentColor" />
          {t(runner.isStopping ? 'dock.stopping' : 'dock.stop')}
        </Button>
      ) : (
        <Button
          size="small"
          variant="lime"
          className="h-7 font-sans"
          onClick={() => void runner.run()}
          disabled={runner.isStarting}
        >
          <Play aria-hidden fill="currentColor" />
          {t(runner.isStarting ? 'dock.starting' : 'dock.run')}
        </Button>
      )}
      <AskInput runner={runner} />
      {hasRun ? <Progress /> : <span aria-hidden className="-ml-3" />}
    </div>
  )
}
