import type { Desk } from '../document/desk.ts'
import type { Command } from '../shell/commands.ts'
import { exportDocument } from './export-document.ts'

type DeskDoings = { run: () => void; publish: () => void; import: () => void }

/** What ⌘K offers while a pipeline is open. */
export const deskCommands = (desk: Desk, doings: DeskDoings): readonly Command[] => [
  { id: 'run', label: 'dock.run', shortcut: 'Mod+Enter', run: doings.run },
  { id: 'add', label: 'canvas.add-node', shortcut: '/', run: () => setTimeout(() => desk.view.set({ palette: {} })) },
  { id: 'outline', label: 'canvas.outline', shortcut: 'O', run: () => desk.view.set({ outline: true }) },
  { id: 'undo', label: 'document.undo', shortcut: 'Mod+Z', run: desk.store.undo },
  { id: 'redo', label: 'document.redo', shortcut: 'Mod+Shift+Z', run: desk.store.redo },
  { id: 'publish', label: 'document.publish', run: doings.publish },
  { id: 'export', label: 'document.export', run: () => exportDocument(desk) },
  { id: 'import', label: 'document.import', run: doings.import },
]
