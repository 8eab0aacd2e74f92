import { Link } from 'wouter'
import { useSignOut } from '../api/session.ts'
import { type MessageKey, useT } from '../i18n/index.tsx'
import { FindField } from '../shell/find-field.tsx'
import { Layout } from '../shell/layout.tsx'
import { NotFound } from '../shell/not-found.tsx'
import { useTitle } from '../shell/use-title.ts'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { Appearance } from './appearance.tsx'
import { Hooks } from './hooks.tsx'
import { Keys } from './keys.tsx'
import { Secrets } from './secrets.tsx'

const parts = {
  secrets: { name: 'settings.secrets', Body: Secrets },
  keys: { name: 'settings.keys', Body: Keys },
  webhooks: { name: 'settings.hooks', Body: Hooks },
  look: { name: 'shell.look', Body: Appearance },
} as const satisfies Record<string, { name: MessageKey; Body: () => React.ReactNode }>
type Part = keyof typeof parts

const isPart = (part: string): part is Part => part in parts

/** What holds for the whole workspace, and for this browser. */
const SettingsPage = ({ part }: { part: string }) => {
  const t = useT()
  const signOut = useSignOut()
  useTitle(isPart(part) ? t(parts[part].name) : undefined, t('shell.settings'))
  if (!isPart(part)) return <NotFound />
  const { Body } = parts[part]
  return (
    <Layout
      scroll
      top={
        <>
          <b className="pl-2.5 font-semibold">{t('shell.settings')}</b>
          <FindField />
          <Button variant="ghost" className="ml-auto" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
            {t('shell.sign-out')}
          </Button>
        </>
      }
    >
      <div className="mx-auto grid max-w-[1080px] grid-cols-[184px_minmax(0,1fr)] gap-10 px-10 py-7 max-wide:gap-6 max-wide:px-6">
        <nav aria-label={t('shell.settings')} className="flex flex-col gap-0.5">
          {Object.entries(parts).map(([path, { name }]) => (
            <Link
              key={path}
              href={`/settings/${path}`}
              aria-current={path === part ? 'page' : undefined}
              className={cn(
                'flex h-8 items-center rounded-control px-2.5 text-ink-2 transition-colors hover:bg-hover hover:text-ink',
                path === part && 'bg-hover font-semibold text-ink',
              )}
            >
              {t(name)}
            </Link>
          ))}
        </nav>
        <Body />
      </div>
    </Layout>
  )
}

export default SettingsPage
