import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { useCatalogue } from '../api/catalogue.ts'
import { useT } from '../i18n/index.tsx'
import { searchCatalogue } from '../palette/search.ts'
import { FindField } from '../shell/find-field.tsx'
import { Layout } from '../shell/layout.tsx'
import { useTitle } from '../shell/use-title.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Input } from '../ui/input.tsx'
import { KindLegend } from './kind-legend.tsx'
import { NodeHelp } from './node-help.tsx'
import { Shortcuts } from './shortcuts.tsx'

const Part = ({ title, children, aside }: { title: string; children: ReactNode; aside?: ReactNode }) => (
  <section>
    <div className="mb-3 flex items-center justify-between gap-4">
      <h2 className="text-lead font-semibold">{title}</h2>
      {aside}
    </div>
    {children}
  </section>
)

/** The nodes, what flows between them, and the keys: from the catalogue, so that it is never out of date. */
const HelpPage = () => {
  const t = useT()
  useTitle(t('shell.help'))
  const { data: catalogue, error, refetch } = useCatalogue()
  const [query, setQuery] = useState('')
  const asked = useDeferredValue(query)
  const found = useMemo(() => searchCatalogue([...(catalogue?.values() ?? [])], asked), [catalogue, asked])
  return (
    <Layout
      scroll
      top={
        <>
          <h1 className="pl-2.5 font-semibold">{t('shell.help')}</h1>
          <FindField />
        </>
      }
    >
      <div className="mx-auto flex max-w-[960px] flex-col gap-9 px-10 py-7 max-wide:px-6">
        <Part
          title={t('help.nodes')}
          aside={
            <Input
              type="search"
              className="w-60"
              aria-label={t('help.search')}
              placeholder={t('help.search')}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          }
        >
          {error && !catalogue && <ErrorState error={error} onRetry={() => void refetch()} />}
          <div className="rounded-panel bg-panel inset-ring inset-ring-line">
            {catalogue && found.length === 0 && <EmptyState title={t('shell.nothing-found')} />}
            {found.map((entry) => (
              <NodeHelp key={entry.type} entry={entry} />
            ))}
          </div>
        </Part>
        <Part title={t('help.kinds')}>
          <p className="mb-4 max-w-[640px] text-ink-2 ko:leading-[22px]">{t('help.kinds-line')}</p>
          <KindLegend />
        </Part>
        <Part title={t('help.keys')}>
          <Shortcuts className="max-wide:grid-cols-1" />
        </Part>
      </div>
    </Layout>
  )
}

export default HelpPage
