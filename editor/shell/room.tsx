import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { cn } from '../ui/cn.ts'
import { FindField } from './find-field.tsx'
import { Layout } from './layout.tsx'
import { useTitle } from './use-title.ts'

type RoomProps = {
  /** What stands in the bar and as heading. */
  title: string
  /** The name of what the address chooses, for the browser's tab. */
  chosen?: string | undefined
  text?: ReactNode
  /** Right of the heading: what narrows the list, and the one thing to do. */
  actions?: ReactNode
  /** Lists of the same room, each at its own address. */
  tabs?: readonly { path: string; label: string; open: boolean }[]
  /** Beside the list: what is chosen of it. */
  panel?: ReactNode
  children: ReactNode
}

const tabLook =
  'inline-flex h-[26px] items-center rounded-[6px] px-2.5 text-small font-medium text-ink-2 transition-colors hover:text-ink'

/** A room with one list and a panel beside it: models, deployments, workers, jobs. */
export const Room = ({ title, chosen, text, actions, tabs, panel, children }: RoomProps) => {
  useTitle(chosen, title)
  return (
    <Layout
      top={
        <>
          <b className="pl-2.5 font-semibold">{title}</b>
          <FindField />
        </>
      }
    >
      <div
        className={cn(
          'grid h-full',
          panel && 'grid-cols-[minmax(0,1fr)_400px] max-wide:grid-cols-[minmax(0,1fr)_340px]',
        )}
      >
        <div className="flex min-h-0 min-w-0 flex-col gap-3.5 px-8 py-6 max-wide:px-5">
          <div className="flex flex-wrap items-center gap-3">
            <div className="mr-auto min-w-0">
              <h1 className="text-title font-bold tracking-[-.02em]">{title}</h1>
              {text && <p className="max-w-[560px] text-ink-2 ko:leading-[22px]">{text}</p>}
            </div>
            {tabs && (
              <nav aria-label={title} className="flex gap-0.5 rounded-[8px] bg-hover p-0.5">
                {tabs.map(({ path, label, open }) => (
                  <Link
                    key={path}
                    href={path}
                    aria-current={open ? 'page' : undefined}
                    className={cn(tabLook, open && 'bg-node text-ink shadow-lift-1')}
                  >
                    {label}
                  </Link>
                ))}
              </nav>
            )}
            {actions}
          </div>
          {children}
        </div>
        {panel}
      </div>
    </Layout>
  )
}
