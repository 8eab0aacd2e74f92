import type { I18n } from '@lingui/core'
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Languages } from './i18n/index.tsx'
import { nameInPath } from './shell/addresses.ts'
import { CommandPalette } from './shell/command-palette.tsx'
import { Crash } from './shell/crash.tsx'
import { Gate } from './shell/gate.tsx'
import { Loading } from './shell/loading.tsx'
import { NotFound } from './shell/not-found.tsx'
import { ShortcutHelp } from './shell/shortcut-help.tsx'
import { Toaster } from './ui/toaster.tsx'
import { Tooltips } from './ui/tooltip.tsx'

const deployments = () => import('./deployments/deployments-page.tsx')
const help = () => import('./help/help-page.tsx')
const home = () => import('./home/home-page.tsx')
const jobs = () => import('./workers/jobs-page.tsx')
const models = () => import('./models/models-page.tsx')
const runList = () => import('./runs/run-list-page.tsx')
const run = () => import('./runs/run-page.tsx')
const settings = () => import('./settings/settings-page.tsx')

const workers = () => import('./workers/workers-page.tsx')

const DeploymentsPage = lazy(deployments)
const HelpPage = lazy(help)
const HomePage = lazy(home)
const JobsPage = lazy(jobs)
const ModelsPage = lazy(models)
const CanvasPage = lazy(() => import('./canvas/canvas-page.tsx'))
const RunListPage = lazy(runList)
const RunPage = lazy(run)
const SettingsPage = lazy(settings)
const WorkersPage = lazy(workers)
const quiet = [deployments, help, home, jobs, models, runList, run, settings, workers]

/** The small rooms are fetched when the page has come to rest: doors open at once, also while the server is away. */
const useQuietFetch = () => {
  useEffect(() => {
    const timer = setTimeout(() => void Promise.allSettled(quiet.map((load) => load())), 2_500)
    return () => clearTimeout(timer)
  }, [])
}

const Rooms = () => {
  useQuietFetch()
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/" component={HomePage} />
        <Route path="/p/:id">{({ id }) => <CanvasPage key={id} id={id} />}</Route>
        <Route path="/help" component={HelpPage} />
        <Route path="/runs" component={RunListPage} />
        <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
        <Route path="/models/:id?">{({ id }) => <ModelsPage id={nameInPath(id)} />}</Route>
        <Route path="/deployments/:name?">{({ name }) => <DeploymentsPage name={nameInPath(name)} />}</Route>
        <Route path="/workers/:id?">{({ id }) => <WorkersPage id={id} />}</Route>
        <Route path="/jobs/:id?">{({ id }) => <JobsPage id={id} />}</Route>
        <Route path="/settings">
          <Redirect to="/settings/secrets" replace />
        </Route>
        <Route path="/settings/:part">{({ part }) => <SettingsPage part={part} />}</Route>
        <Route component={NotFound} />
      </Switch>
    </Suspense>
  )
}

/** The whole editor. What it needs arrives from main.tsx, so that a test can bring its own. */
export const App = ({ i18n, queries }: { i18n: I18n; queries: QueryClient }) => (
  <Languages i18n={i18n}>
    <QueryClientProvider client={queries}>
      <Tooltips>
        <Crash>
          <Gate>
            <Rooms />
            <CommandPalette />
            <ShortcutHelp />
          </Gate>
        </Crash>
        <Toaster />
      </Tooltips>
    </QueryClientProvider>
  </Languages>
)
