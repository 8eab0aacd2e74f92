import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { Logo } from '../ui/logo.tsx'
import { OfflineBanner } from './offline-banner.tsx'
import { Rail } from './rail.tsx'

type LayoutProps = {
  /** The top bar behind the logo; lay it out as a row. */
  top: ReactNode
  /** The page below the bar, right of the rail. It scrolls itself, or asks for `scroll`. */
  children: ReactNode
  scroll?: boolean
}

/** Top bar 48, rail 48, and the page. Every room stands in it. */
export const Layout = ({ top, children, scroll }: LayoutProps) => {
  const t = useT()
  return (
    <div className="grid h-full grid-cols-[48px_minmax(0,1fr)] grid-rows-[48px_auto_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-ink focus:px-3 focus:py-1.5 focus:text-ground"
      >
        {t('shell.skip-to-content')}
      </a>
      <header className="relative col-span-2 flex items-center border-line border-b bg-panel pr-3">
        <Link
          href="/"
          aria-label={t('shell.home')}
          className="grid h-full w-12 shrink-0 place-items-center -outline-offset-4"
        >
          <Logo className="size-6" />
        </Link>
        {top}
      </header>
      <OfflineBanner />
      <Rail />
      <main
        id="main"
        tabIndex={-1}
        className={cn('relative min-h-0 min-w-0 outline-none', scroll && 'overflow-y-auto')}
      >
        {children}
      </main>
    </div>
  )
}
