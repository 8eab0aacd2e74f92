import { useEffect, useState } from 'react'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Field } from '../ui/field.tsx'
import { Fold } from '../ui/fold.tsx'
import { Input, Textarea } from '../ui/input.tsx'
import { useDraft } from './use-draft.ts'

/** The id that edges, exports and runs know the node by, and a note for the next reader. */
export const NodeIdentity = ({ node }: { node: PipelineNode }) => {
  const t = useT()
  const desk = useDesk()
  const [id, setId] = useState(node.id)
  const [refused, setRefused] = useState(false)
  useEffect(() => {
    setId(node.id)
    setRefused(false)
  }, [node.id])
  const note = useDraft(node.note ?? '', (text) =>
    desk.patch(node.id, { note: text === '' ? undefined : text.slice(0, 10_000) }, 'note'),
  )
  const keep = () => setRefused(!desk.rename(node.id, id.trim()))
  return (
    <Fold title={t('inspector.note-and-id')} open={node.note !== undefined}>
      <div className="flex flex-col gap-4 px-3.5 pt-0.5 pb-4">
        <Field label={t('inspector.note')}>
          {(control) => <Textarea {...control} rows={2} placeholder={t('inspector.note-hint')} {...note} />}
        </Field>
        <Field label="Id" help={t('inspector.id-help')} error={refused && t('inspector.id-refused')}>
          {(control) => (
            <Input
              {...control}
              mono
              value={id}
              maxLength={64}
              onChange={(event) => {
                setId(event.target.value)
                setRefused(false)
              }}
              onBlur={keep}
              onEnter={keep}
            />
          )}
        </Field>
      </div>
    </Fold>
  )
}
