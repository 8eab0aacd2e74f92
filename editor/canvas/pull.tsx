import { useMemo } from 'react'
import { useDesk } from '../document/desk.ts'
import { cn } from '../ui/cn.ts'
import { kindClass } from '../ui/kind-jack.tsx'
import { Cross } from './cable.tsx'
import { cablePath } from './cable-path.ts'
import { type PullProps, usePull } from './flow.tsx'
import { judgeWire, type Verdict } from './judge-wire.ts'
import { useRefusalWords } from './refusal-words.ts'

/** The cable under the hand: in its kind's colour, red and dashed over a port that refuses it. */
export const PullCable = ({ from, to, start, side, refused }: PullProps) => {
  const desk = useDesk()
  const wired = desk.wiring().nodes.get(start.node)
  const port = (side === 'output' ? wired?.outputs : wired?.inputs)?.find((one) => one.name === start.port)
  const { path, middle } = cablePath(from, to)
  return (
    <g className={cn('cable pull', kindClass(port?.kind ?? 'any'), refused && 'refused')}>
      <path className="casing" d={path} />
      <path className="core" d={path} />
      {refused && <Cross at={middle} />}
    </g>
  )
}

/** Why the port under the pointer refuses the cable, beside the pointer. */
export const PullReason = () => {
  const desk = useDesk()
  const words = useRefusalWords()
  const pull = usePull()
  const [node, port] = [pull?.over?.node, pull?.over?.port]
  const [startNode, startPort, side] = [pull?.start.node, pull?.start.port, pull?.side]
  const verdict = useMemo((): Verdict | undefined => {
    if (!node || !port || !startNode || !startPort || (node === startNode && port === startPort)) return undefined
    const here = { node: startNode, port: startPort }
    const there = { node, port }
    const graph = { document: desk.store.getState().document, wiring: desk.wiring(), catalogue: desk.catalogue }
    return side === 'output' ? judgeWire(graph, here, there, desk.check) : judgeWire(graph, there, here, desk.check)
  }, [desk, node, port, startNode, startPort, side])
  if (!pull || !verdict || verdict.ok) return null
  const { why, fix } = words(verdict.refusal)
  return (
    <div className="pull-reason" role="status" style={{ left: pull.at.x + 16, top: pull.at.y + 14 }}>
      {why} {fix && <b className="font-semibold">{fix}</b>}
    </div>
  )
}
