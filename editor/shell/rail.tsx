import {
  BookOpen,
  Box,
  ChartNoAxesGantt,
  Cpu,
  type LucideIcon,
  Route as RouteIcon,
  Settings,
  Upload,
} from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { type MessageKey, useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { Tooltip } from '../ui/tooltip.tsx'

type Room = { path: string; icon: LucideIcon; name: MessageKey; isOpen: (location: string) => boolean }

const under = (prefix: string) => (location: string) => location === prefix || location.startsWith(`${prefix}/`)
const rooms: readonly Room[] = [
  { path: '/', icon: RouteIcon, name: 'shell.pipelines', isOpen: (at) => at === '/' || at.startsWith('/p/') },
  { path: '/runs', icon: ChartNoAxesGantt, name: 'shell.runs', isOpen: under('/runs') },
  { path: '/models', icon: Box, name: 'shell.models', isOpen: under('/models') },
  { path: '/deployments', icon: Upload, name: 'shell.deployments', isOpen: under('/deployments') },
  {
    path: '/workers',
    icon: Cpu,
    name: 'shell.workers',
    isOpen: (at) => under('/workers')(at) || under('/jobs')(at),
  },
]
const help: Room = { path: '/help', icon: BookOpen, name: 'shell.help', isOpen: under('/help') }
const settings: Room = { path: '/settings', icon: Settings, name: 'shell.settings', isOpen: under('/settings') }

const look =
  'relative grid size-[34px] place-items-center rounded-control text-ink-2 transition-colors hover:bg-hover hover:text-ink [&_svg]:size-[18px]'

const RailLink = ({ room: { path, icon: Icon, name, isOpen } }: { room: Room }) => {
  const t = useT()
  const [location] = useLocation()
  const open = isOpen(location)
  return (
    <Tooltip text={t(name)} side="right">
      <Link
        href={path}
        aria-label={t(name)}
        aria-current={open ? 'page' : undefined}
        className={cn(
          look,
          open &&
            'bg-hover text-ink before:absolute before:inset-y-[9px] before:-left-[7px] before:w-[3px] before:rounded-r-[3px] before:bg-signal-line',
        )}
      >
        <Icon aria-hidden strokeWidth={1.6} />
      </Link>
    </Tooltip>
  )
}

/** The rooms of the house. A room appears here when it is built. */
export const Rail = () => {
  const t = useT()
  return (
    <nav
      aria-label={t('shell.rooms')}
      className="row-start-3 flex flex-col items-center gap-1 border-line border-r bg-panel py-2"
    >
      {rooms.map((room) => (
        <RailLink key={room.path} room={room} />
      ))}
      <span className="flex-1" />
      <RailLink room={help} />
      <RailLink room={settings} />
    </nav>
  )
}
