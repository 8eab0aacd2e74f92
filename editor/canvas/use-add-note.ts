import { useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { useSight } from './flow-sight.tsx'

/** Puts an empty note on the paper, at a place or in the middle of the view, and opens it for writing. */
export const useAddNote = () => {
  const desk = useDesk()
  const sight = useSight()
  return (at?: Point | unknown) => {
    const note = [...desk.catalogue.values()].find((entry) => entry.annotation)
    if (!note) return
    const frame = document.querySelector('.desk-canvas')?.getBoundingClientRect()
    const middle: Point = frame ? [frame.x + frame.width / 2 - 90, frame.y + frame.height / 2 - 30] : [0, 0]
    const place = Array.isArray(at) ? (at as unknown as Point) : sight.toPlace(middle)
    const id = desk.add(note.type, [Math.round(place[0] / 10) * 10, Math.round(place[1] / 10) * 10])
    if (id) desk.view.set({ renaming: id })
  }
}
