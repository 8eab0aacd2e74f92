import { Copy, Download, FileInput, ListTree, MoreHorizontal, Redo2, Search, Undo2 } from 'lucide-react'
import { Link } from 'wouter'
import { useStore } from 'zustand'
import { useDesk } from '../document/desk.ts'
import { SaveState } from '../document/save-state.tsx'
import { useT } from '../i18n/index.tsx'
import type { Runner } from '../run-dock/runner.ts'
import { Transport } from '../run-dock/transport.tsx'
import { useCommandPalette } from '../shell/commands.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/clipboard.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Menu } from '../ui/menu.tsx'
import { toast } from '../ui/toaster.tsx'
import { exportDocument } from './export-document.ts'
import { PipelineName } from './pipeline-name.tsx'
import { PublishButton, PublishChip } from './publish-state.tsx'

type TopBarProps = { version: number | null; runner: Runner; onPublish: () => void; onImport: () => void }

/** Where one is, whether it is saved, the transport, and what can be done with the whole. */
export const TopBar = ({ version, runner, onPublish, onImport }: TopBarProps) => {
  const t = useT()
  const desk = useDesk()
  const { open } = useCommandPalette()
  const canUndo = useStore(desk.store.history, (history) => history.pastStates.length > 0)
  const canRedo = useStore(desk.store.history, (history) => history.futureStates.length > 0)
  const copyJson = async () => {
    const isCopied = await copyText(JSON.stringify(desk.store.getState().document, undefined, 2))
    if (!isCopied) toast(t('ui.copy-failed'))
  }
  return (
    // The transport stands in the middle while there is room; a long name gives way before anything else does.
    <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)_auto_minmax(max-content,1fr)] items-center gap-3">
      <div className="flex min-w-0 items-center gap-1.5 pl-2.5">
        <Link href="/" className="shrink-0 text-ink-3 hover:text-ink max-wide:hidden">
          {t('shell.pipelines')}
        </Link>
        <span aria-hidden className="text-ink-3 max-wide:hidden">
          /
        </span>
        <PipelineName />
        <PublishChip version={version} />
        <SaveState />
      </div>
      <Transport runner={runner} />
      <div className="flex items-center justify-end gap-1.5">
        <IconButton name={t('document.undo')} shortcut="Mod+Z" disabled={!canUndo} onClick={desk.store.undo}>
          <Undo2 aria-hidden />
        </IconButton>
        <IconButton name={t('document.redo')} shortcut="Mod+Shift+Z" disabled={!canRedo} onClick={desk.store.redo}>
          <Redo2 aria-hidden />
        </IconButton>
        <Button variant="ghost" className="px-2 max-wide:hidden" onClick={() => open(true)}>
          <Search aria-hidden />
          <span className="sr-only">{t('shell.commands')}</span>
          <Kbd>Mod+K</Kbd>
        </Button>
        <Menu
          align="end"
          entries={[
            {
              label: t('canvas.outline'),
              icon: <ListTree />,
              shortcut: 'O',
              onSelect: () => desk.view.set({ outline: true }),
            },
            'line',
            { label: t('document.import'), icon: <FileInput />, onSelect: onImport },
            { label: t('document.export'), icon: <Download />, onSelect: () => exportDocument(desk) },
            { label: t('document.copy-json'), icon: <Copy />, onSelect: () => void copyJson() },
          ]}
        >
          <Button variant="ghost" className="px-1.5" aria-label={t('document.more')}>
            <MoreHorizontal aria-hidden />
          </Button>
        </Menu>
        <PublishButton version={version} onPublish={onPublish} />
      </div>
    </div>
  )
}
