import { memo } from 'react'
import { useView } from '../document/desk.ts'
import { portRef } from '../document/wires.ts'
import type { WiredNode, WiredPort } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { KindJack, kindClass } from '../ui/kind-jack.tsx'
import { PortHandle } from './flow.tsx'

type PortProps = { node: string; port: WiredPort; side: 'input' | 'output'; row: number }

/** A port's row: its name, the drawn jack, and the invisible handle on the border. */
const Port = memo(({ node, port, side, row }: PortProps) => {
  const t = useT()
  const ref = portRef(node, port.name)
  const pulled = useView(({ pulling }) => {
    if (!pulling) return ''
    if (pulling.node === node && pulling.port === port.name && pulling.side === side) return 'fits'
    return pulling.side !== side && pulling.targets.has(ref) ? 'fits' : 'unfit'
  })
  const name = t('canvas.port-name', {
    port: port.name,
    kind: t(`ui.kind-${port.kind}`),
    side,
    state: port.wired ? 'wired' : 'free',
  })
  return (
    <div
      className={cn('port', side === 'input' ? 'in' : 'out', kindClass(port.kind), pulled, {
        wired: port.wired,
        items: port.items && port.wired,
        gone: port.gone,
      })}
      style={{ gridRow: row }}
      data-port={ref}
      data-side={side}
    >
      <span title={port.title ?? port.name}>{port.name}</span>
      <KindJack kind={port.kind} open={!port.wired} silent />
      <PortHandle port={port.name} side={side} name={name} />
    </div>
  )
})

/** Inputs and outputs share rows; the first row of every node stands 49 px below its top. */
export const NodePorts = ({ node, wired }: { node: string; wired: WiredNode }) => (
  <div className={cn('ports', wired.inputs.length === 0 && 'only-out')}>
    {wired.inputs.map((port, at) => (
      <Port key={`in ${port.name}`} node={node} port={port} side="input" row={at + 1} />
    ))}
    {wired.outputs.map((port, at) => (
      <Port key={`out ${port.name}`} node={node} port={port} side="output" row={at + 1} />
    ))}
  </div>
)
