import { useEffect } from 'react'
import { nodesById, useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { edgesById } from '../document/wires.ts'
import { useClipboard } from './clipboard.ts'
import { grid } from './flow.tsx'
import { useSight } from './flow-sight.tsx'
import { neighbour } from './neighbour.ts'
import { useAddNote } from './use-add-note.ts'
import { useTidy } from './use-tidy.ts'

const arrows: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Whether keys belong to what has the focus: a text, a menu, a dialog. */
const isTaken = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.closest('input, textarea, select, [role=menu], [role=dialog], [role=listbox], .nokey') !== null)

/** The canvas by keyboard. Letters work while the canvas or nothing has the focus, never while someone types. */
export const useCanvasKeys = (onSelecting: () => void): void => {
  const desk = useDesk()
  const sight = useSight()
  const clipboard = useClipboard()
  const addNote = useAddNote()
  const tidy = useTidy()

  useEffect(() => {
    const document_ = () => desk.store.getState().document
    const selected = () => desk.view.getState().nodes
    const only = () => (selected().size === 1 ? [...selected()][0] : undefined)

    const travel = (direction: Point) => {
      const sizes = document_().nodes.map((node) => ({ id: node.id, at: node.at, size: sight.sizeOf(node.id) }))
      const next = neighbour(sizes, only(), direction)
      if (next) desk.view.jump(next)
    }
    const nudge = (direction: Point, far: boolean) => {
      const step = far ? grid * 5 : grid
      const nodes = nodesById(document_())
      const places = [...selected()].flatMap((id): [string, Point][] => {
        const node = nodes.get(id)
        return node ? [[id, [node.at[0] + direction[0] * step, node.at[1] + direction[1] * step]]] : []
      })
      desk.move(new Map(places), 'nudge')
    }
    const withMod = (event: KeyboardEvent): boolean => {
      switch (event.key.toLowerCase()) {
        case 'z':
          event.shiftKey ? desk.store.redo() : desk.store.undo()
          return true
        case 'y':
          desk.store.redo()
          return true
        case 'a':
          desk.view.select(document_().nodes.map((node) => node.id))
          return true
        case 'd':
          desk.duplicate(selected())
          return true
        case '=':
        case '+':
          sight.zoomIn()
          return true
        case '-':
          sight.zoomOut()
          return true
        case '0':
          sight.zoomTo(1)
          return true
        default:
          return false
      }
    }
    const plain = (event: KeyboardEvent): boolean => {
      const direction = arrows[event.key]
      if (direction) {
        if (event.altKey) nudge(direction, event.shiftKey)
        else travel(direction)
        return true
      }
      switch (event.key) {
        case '/':
          desk.view.set({ palette: {} })
          return true
        case 'Delete':
        case 'Backspace': {
          const { nodes, edges } = desk.view.getState()
          if (nodes.size + edges.size > 0) desk.remove(nodes, edgesById(document_().edges, edges))
          return true
        }
        case 'F2':
          desk.view.set({ renaming: only() })
          return true
        case 'Escape':
          desk.view.set({ palette: undefined, wiring: undefined })
          desk.view.select([])
          return true
        case 'Enter': {
          const node = only()
          if (!node) return false
          document.querySelector<HTMLElement>('[data-inspector] :is(input, textarea, button[role=combobox])')?.focus()
          return true
        }
      }
      // Alt and a letter are the browser's.
      if (event.altKey) return false
      switch (event.code) {
        case 'KeyN':
          addNote()
          return true
        case 'KeyV':
          onSelecting()
          return true
        case 'KeyD':
          if (selected().size > 0) desk.toggle(selected())
          return true
        case 'KeyC': {
          const node = only()
          if (node) desk.view.set({ wiring: { node } })
          return node !== undefined
        }
        case 'KeyO':
          desk.view.set({ outline: !desk.view.getState().outline })
          return true
        case 'KeyF':
          sight.fit()
          return true
        case 'KeyT':
          if (!event.shiftKey) return false
          void tidy()
          return true
        default:
          return false
      }
    }
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event.target) || event.isComposing || event.defaultPrevented) return
      const isMod = event.metaKey || event.ctrlKey
      // A key on a button inside the page presses that button.
      const isOnButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null
      if (isOnButton && ['Enter', ' ', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) return
      if (isMod ? withMod(event) : plain(event)) event.preventDefault()
    }
    const onCopy = (event: ClipboardEvent) => {
      const text = clipboard.text()
      if (isTaken(event.target) || !text || String(getSelection()) !== '') return
      event.preventDefault()
      event.clipboardData?.setData('text/plain', text)
      if (event.type === 'cut') desk.remove(selected())
    }
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain')
      if (isTaken(event.target) || !text?.trim().startsWith('{')) return
      event.preventDefault()
      clipboard.take(text)
    }
    addEventListener('keydown', onKey)
    addEventListener('copy', onCopy)
    addEventListener('cut', onCopy)
    addEventListener('paste', onPaste)
    return () => {
      removeEventListener('keydown', onKey)
      removeEventListener('copy', onCopy)
      removeEventListener('cut', onCopy)
      removeEventListener('paste', onPaste)
    }
  }, [desk, sight, clipboard, addNote, tidy, onSelecting])
}
