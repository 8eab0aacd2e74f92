import { FileInput } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Fault } from '#runtime/pipeline/faults.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'
import { faultWords } from '../api/fault-words.ts'
import { type Desk, useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FaultList } from '../ui/fault-list.tsx'
import { Textarea } from '../ui/input.tsx'

/** Below everything that stands there, at its left edge. */
export const roomBelow = (nodes: readonly { at: Point }[]): Point =>
  nodes.length === 0
    ? [0, 0]
    : [Math.min(...nodes.map(({ at }) => at[0])), Math.max(...nodes.map(({ at }) => at[1])) + 320]

type Faults = readonly Fault[]

/** Takes a pipeline into the open one: as it is where nothing stands yet, else as more nodes. Tells what is wrong with it. */
export const importInto = (desk: Desk, text: string, at?: Point): Faults => {
  const read = parseDocument(text)
  if (!read.ok) return read.errors
  const { nodes } = desk.store.getState().document
  if (nodes.length === 0) desk.store.edit(() => read.document)
  else desk.paste(read.document, at ?? roomBelow(nodes))
  return []
}

type ImportDialogProps = {
  /** What a refused file held. */
  given: string
  onClose: () => void
}

/** Adds a pipeline from a file or pasted JSON to the canvas. What is wrong with it is named with its place. */
export const ImportDialog = ({ given, onClose }: ImportDialogProps) => {
  const t = useT()
  const desk = useDesk()
  const file = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(given)
  const [errors, setErrors] = useState<Faults>(() => {
    const read = given === '' ? undefined : parseDocument(given)
    return read && !read.ok ? read.errors : []
  })
  const take = () => {
    const faults = importInto(desk, text)
    if (faults.length > 0) setErrors(faults)
    else onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('document.import-title')}
      text={t('document.import-text')}
      action={t('document.import-action')}
      onAction={take}
      disabled={text.trim() === ''}
    >
      <Textarea
        mono
        rows={8}
        aria-label={t('document.import-paste')}
        aria-invalid={errors.length > 0 || undefined}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setErrors([])
        }}
      />
      <input
        ref={file}
        type="file"
        hidden
        accept="application/json,.json"
        aria-label={t('document.import-file')}
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          event.target.value = ''
          void chosen?.text().then(setText)
          setErrors([])
        }}
      />
      <Button className="self-start" onClick={() => file.current?.click()}>
        <FileInput aria-hidden />
        {t('document.import-file')}
      </Button>
      {errors.length > 0 && (
        <div role="alert" className="rounded-[6px] bg-fail-soft p-3 text-small">
          <p className="font-semibold text-fail">{t('document.import-refused')}</p>
          <FaultList
            className="mt-1"
            faults={errors.map((fault) => ({ place: fault.pointer, text: faultWords(fault, t) }))}
          />
        </div>
      )}
    </Dialog>
  )
}
