import { Box, type LucideIcon, type LucideProps } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { type NodeGlyph, nodeIcons } from './node-icons.ts'

const pascal = (name: string) => name.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase())
const late = new Map<string, NodeGlyph>()

/** One lazy component per name, so that it loads once. */
const lateIcon = (name: string): NodeGlyph => {
  const known = late.get(name)
  if (known) return known
  const load = async () => {
    const { icons } = await import('./all-icons.ts')
    return { default: (icons as Record<string, LucideIcon>)[pascal(name)] ?? Box }
  }
  const icon = lazy(load) as NodeGlyph
  late.set(name, icon)
  return icon
}

/** The icon that a node type names. */
export const NodeIcon = ({ icon, ...rest }: LucideProps & { icon: string }) => {
  const Known = nodeIcons[icon]
  if (Known) return <Known aria-hidden {...rest} />
  const Late = lateIcon(icon)
  return (
    <Suspense fallback={<Box aria-hidden {...rest} />}>
      <Late aria-hidden {...rest} />
    </Suspense>
  )
}
