import { useContext } from 'react'
import type { RunDetail } from '#server/api.ts'
import { useSteps } from '../api/runs.ts'
import { nodeName } from '../canvas/node-words.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import type { LiveRun } from '../run-dock/live-run.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { LabelledValue } from './labelled-value.tsx'
import { RunWiring } from './tile-kinds.ts'
import { type StepInput, wiredInto } from './wired-into.ts'
import { placeOf } from './words.ts'

type StepInputsProps = {
  detail: RunDetail
  run: LiveRun
  node: string
  path: readonly number[] | undefined
  catalogue: CatalogueMap
}

type OneProps = Omit<StepInputsProps, 'node'> & { node: string; input: StepInput }

/** The value that came in by one wire: an output of the node before, of the same item where that one is mapped too. */
const OneInput = ({ detail, run, node, path, catalogue, input }: OneProps) => {
  const t = useT()
  const local = useLocal()
  const wiring = useContext(RunWiring)
  const { from, port } = input
  const source = run.nodes[from.node]
  const isMapped = source?.items !== undefined
  const { items: steps, hasMore } = useSteps(detail.id, from.node, isMapped && path !== undefined)
  const step = path && steps.find((one) => one.path.every((position, depth) => position === path[depth]))
  const sender = detail.document.nodes.find((candidate) => candidate.id === from.node)
  const kind = wiring.nodes.get(from.node)?.outputs.find((output) => output.name === from.port)?.kind ?? 'any'
  const shown = wiring.nodes.get(node)?.inputs.find((known) => known.name === port)?.kind ?? kind
  const aside = sender && nodeName(sender, catalogue.get(sender.type), local)
  const value = isMapped && path ? step?.outputs?.[from.port] : source?.outputs?.[from.port]
  // A node that takes a list apart gives items to the map; the run keeps them, but not as steps of that node.
  const isOpened =
    !isMapped && wiring.nodes.get(from.node)?.outputs.some((output) => output.name === from.port && output.items)
  if (isOpened) {
    return (
      <p className="border-line border-b px-[18px] py-3.5 text-ink-2 last:border-b-0">
        <b className="font-semibold">{port}</b> ·{' '}
        {path
          ? t('runs.input-item', { node: aside ?? from.node, place: placeOf(path) })
          : t('runs.input-many', { node: aside ?? from.node })}
      </p>
    )
  }
  if (isMapped && !path) {
    return (
      <p className="border-line border-b px-[18px] py-3.5 text-ink-2 last:border-b-0">
        <b className="font-semibold">{port}</b> · {t('runs.input-many', { node: aside ?? from.node })}
      </p>
    )
  }
  if (isMapped && !step && hasMore)
    return <p className="px-[18px] py-3.5 text-ink-3">{t('runs.input-far', { port })}</p>
  return <LabelledValue name={port} kind={kind === 'any' ? shown : kind} value={value} aside={aside} />
}

/** What a step took, wire by wire; for the first node, what the run was given. */
export const StepInputs = (props: StepInputsProps) => {
  const t = useT()
  const { detail, node, catalogue } = props
  const wires = wiredInto(detail.document, node)
  const type = detail.document.nodes.find((candidate) => candidate.id === node)?.type
  const given = type && catalogue.get(type)?.boundary === 'start' ? Object.entries(detail.input) : []
  if (wires.length + given.length === 0) return <EmptyState title={t('runs.no-input')} />
  return (
    <>
      {given.map(([name, value]) => (
        <LabelledValue key={name} name={name} kind="any" value={value} aside={t('runs.given')} />
      ))}
      {wires.map((input) => (
        <OneInput key={`${input.from.node}.${input.from.port} ${input.port}`} {...props} input={input} />
      ))}
    </>
  )
}
