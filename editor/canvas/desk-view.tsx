import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Pipeline } from '#server/api.ts'
import { useRuns } from '../api/runs.ts'
import { useDesk } from '../document/desk.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { Problems } from '../problems/problems.tsx'
import { RunDock } from '../run-dock/run-dock.tsx'
import { RunRefused } from '../run-dock/run-refused.tsx'
import { useRunner } from '../run-dock/runner.ts'
import { usePageCommands } from '../shell/commands.ts'
import { Layout } from '../shell/layout.tsx'
import { Canvas } from './canvas.tsx'
import { Conflict } from './conflict.tsx'
import { Deleted } from './deleted.tsx'
import { deskCommands } from './desk-commands.ts'
import { ImportDialog } from './import-dialog.tsx'
import { Outline } from './outline.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import { TopBar } from './top-bar.tsx'
import { WireMenu } from './wire-menu.tsx'

/** Whether the inspector has room beside the canvas; else it lies over it, never over the dock and its problems. */
const wide = '(min-width: 1200px)'

/** The room of one open pipeline: bar, canvas, inspector, dock. */
export const Desk = ({ pipeline, show, start }: { pipeline: Pipeline; show: string | undefined; start: boolean }) => {
  const desk = useDesk()
  const [dock, setDock] = useState(true)
  const [selecting, setSelecting] = useState(false)
  const [publishing, setPublishing] = useState(false)
  const [importing, setImporting] = useState<string | undefined>()
  const overlays = !matchMedia(wide).matches
  const [version, setVersion] = useState(pipeline.version)
  const toProblems = useCallback(() => {
    setDock(true)
    const first = desk.findings.state.getState().findings.find((finding) => finding.level === 'error')
    if (first?.node) desk.view.jump(first.node)
    desk.view.block()
  }, [desk])
  const runner = useRunner(toProblems)
  const { run, show: showRun, ask } = runner

  useFirstRun(show, showRun)
  const asked = useRef(false)
  useEffect(() => {
    if (!start || asked.current) return
    asked.current = true
    ask(true)
  }, [start, ask])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.defaultPrevented || event.isComposing)
        return
      // A dialog asks something else first; the form of the input runs by itself.
      if (event.target instanceof Element && event.target.closest('[role=dialog]')) return
      event.preventDefault()
      if (!event.repeat) void run()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [run])
  usePageCommands(
    useMemo(
      () =>
        deskCommands(desk, {
          run: () => void run(),
          publish: () => setPublishing(true),
          import: () => setImporting(''),
        }),
      [desk, run],
    ),
  )

  return (
    <Layout
      top={
        <TopBar
          version={version}
          runner={runner}
          onPublish={() => setPublishing(true)}
          onImport={() => setImporting('')}
        />
      }
    >
      <div className="grid h-full grid-cols-[minmax(0,1fr)_auto]">
        <div className="grid min-h-0 min-w-0 grid-rows-[minmax(0,1fr)_auto]">
          <div className="relative min-h-0">
            <Canvas selecting={selecting} onSelecting={setSelecting} onRefusedFile={setImporting} />
            <Outline />
            {overlays && <Inspector overlay />}
          </div>
          <RunDock runner={runner} open={dock} onOpen={setDock} problems={<Problems open={dock} />} />
        </div>
        {!overlays && <Inspector overlay={false} />}
      </div>
      <Conflict inTheWay={runner.refused === 'conflict'} />
      <Deleted />
      <RunRefused runner={runner} />
      <WireMenu />
      {importing !== undefined && <ImportDialog given={importing} onClose={() => setImporting(undefined)} />}
      {publishing && (
        <PublishDialog
          version={version}
          onClose={() => setPublishing(false)}
          onPublished={setVersion}
          onProblems={toProblems}
        />
      )}
    </Layout>
  )
}

/** Shows the run that the address names, else the newest of this pipeline. */
const useFirstRun = (wanted: string | undefined, show: (id: string) => Promise<void>) => {
  const desk = useDesk()
  const { items } = useRuns({ pipeline: desk.id })
  const newest = items[0]?.id
  const shown = useRef<string | undefined>(undefined)
  useEffect(() => {
    const id = wanted ?? newest
    const isTaken = shown.current !== undefined && (!wanted || shown.current === wanted)
    if (!id || isTaken) return
    shown.current = id
    if (desk.live.getState().run === undefined || wanted) void show(id)
  }, [desk, wanted, newest, show])
}
