import { Box, type LucideIcon, type LucideProps } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { nodeIcons } from './node-icons.ts'

/** The hub of a model: our own drawing, on lucide's grid. */
const ModelHub = ({ size: _size, absoluteStrokeWidth: _stroke, ...rest }: LucideProps) => (
  <svg
    viewBox="0 0 24 24"
    width="24"
    height="24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    {...rest}
  >
    <circle cx="12" cy="12" r="3.2" />
    <path d="M12 3v5.8M12 15.2V21M4.2 7.5l5 2.9M14.8 13.6l5 2.9M4.2 16.5l5-2.9M14.8 10.4l5-2.9" />
  </svg>
)

const pascal = (name: string) => name.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase())
const late = new Map<string, LucideIcon>()

/** One lazy component per name, so that it loads once. */
const lateIcon = (name: string): LucideIcon => {
  const known = late.get(name)
  if (known) return known
  const load = async () => {
    const { icons } = await import('./all-icons.ts')
    return { default: (icons as Record<string, LucideIcon>)[pascal(name)] ?? Box }
  }
  const icon = lazy(load) as unknown as LucideIcon
  late.set(name, icon)
  return icon
}

/** The icon that a node type names. `model` is the hub; any other is lucide's. */
export const NodeIcon = ({ icon, ...rest }: LucideProps & { icon: string }) => {
  if (icon === 'model' || icon === 'hub') return <ModelHub aria-hidden {...rest} />
  const Known = nodeIcons[icon]
  if (Known) return <Known aria-hidden {...rest} />
  const Late = lateIcon(icon)
  return (
    <Suspense fallback={<Box aria-hidden {...rest} />}>
      <Late aria-hidden {...rest} />
    </Suspense>
  )
}
