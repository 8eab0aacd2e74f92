import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useSight } from '../canvas/flow-sight.tsx'
import { useDesk, useEntry, useNode, useView } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { cn } from '../ui/cn.ts'
import { Tabs } from '../ui/tabs.tsx'
import { DataTab } from './data-tab.tsx'
import { HelpTab } from './help-tab.tsx'
import { InspectorHead } from './inspector-head.tsx'
import { SetupTab } from './setup-tab.tsx'

/** A double click in milliseconds, after which a click is known to be one. */
const secondClick = 280

/**
 * The node to show. The panel waits for a second click before it opens, so that it never slides under it; once it is open,
 * another node shows at once.
 */
const useInspected = (): string | undefined => {
  const desk = useDesk()
  const selected = useStore(desk.view, (view) => (view.nodes.size === 1 ? [...view.nodes][0] : undefined))
  const renaming = useStore(desk.view, (view) => view.renaming !== undefined)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (selected === undefined) return setOpen(false)
    if (renaming) return
    const timer = setTimeout(() => setOpen(true), secondClick)
    return () => clearTimeout(timer)
  }, [selected, renaming])
  return open ? selected : undefined
}

type InspectorTab = 'setup' | 'data' | 'help'

/** What the selected node is set to, what went through it, and what it can do. Stands where one node is selected. */
export const Inspector = ({ overlay }: { overlay: boolean }) => {
  const t = useT()
  const desk = useDesk()
  const [tab, setTab] = useState<InspectorTab>('setup')
  const id = useInspected()
  const node = useNode(id ?? '')
  const entry = useEntry(node?.type)
  // Keys of the tabs: another node is another form, but a title that renames the node must not take the focus away.
  const choice = useView((view) => view.choice)
  const panel = useRef<HTMLElement>(null)
  const sight = useSight()
  const isOver = overlay && node !== undefined
  useEffect(() => {
    if (isOver) sight.clear(panel.current?.offsetWidth ?? 0)
  }, [isOver, sight])
  if (!node) return null
  return (
    <aside
      ref={panel}
      aria-label={t('inspector.name')}
      data-inspector
      className={cn(
        'nokey flex min-h-0 w-[304px] flex-col border-line border-l bg-panel min-[1680px]:w-[360px]',
        overlay && 'absolute inset-y-0 right-0 z-20 shadow-lift-3',
      )}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !event.nativeEvent.isComposing) desk.view.select([])
      }}
    >
      <InspectorHead node={node} entry={entry} />
      <Tabs
        name={t('inspector.name')}
        value={tab}
        onChange={setTab}
        className="mt-1.5"
        tabs={[
          {
            value: 'setup',
            label: t('inspector.setup'),
            content: <SetupTab key={choice} node={node} entry={entry} />,
          },
          { value: 'data', label: t('inspector.data'), content: <DataTab key={choice} node={node} /> },
          { value: 'help', label: t('inspector.help'), content: entry ? <HelpTab node={node} entry={entry} /> : null },
        ]}
      />
    </aside>
  )
}
