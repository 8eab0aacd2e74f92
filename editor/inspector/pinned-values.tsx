import { useState } from 'react'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useDesk } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { Field } from '../ui/field.tsx'
import { Textarea } from '../ui/input.tsx'
import { useDraft } from './use-draft.ts'

const PinnedValue = ({ node, port, value }: { node: PipelineNode; port: string; value: unknown }) => {
  const t = useT()
  const desk = useDesk()
  const [wrong, setWrong] = useState(false)
  const isText = typeof value === 'string'
  const draft = useDraft(isText ? value : JSON.stringify(value, undefined, 2), (text) => {
    const set = (next: NonNullable<PipelineNode['pin']>[string]) =>
      desk.patch(node.id, { pin: { ...node.pin, [port]: next } }, `pin ${port}`)
    if (isText) return set(text)
    try {
      set(JSON.parse(text) as NonNullable<PipelineNode['pin']>[string])
      setWrong(false)
    } catch {
      setWrong(true)
    }
  })
  return (
    <Field label={port} error={wrong && t('inspector.not-json')}>
      {(control) => <Textarea {...control} mono={!isText} rows={3} {...draft} />}
    </Field>
  )
}

/** Values that stand in for the node's outputs in draft runs; they can be edited. */
export const PinnedValues = ({ node }: { node: PipelineNode }) => {
  const t = useT()
  return (
    <section aria-label={t('inspector.pinned')} className="flex flex-col gap-3 px-3.5 py-3">
      <h2 className="text-small font-semibold">{t('inspector.pinned')}</h2>
      {Object.entries(node.pin ?? {}).map(([port, value]) => (
        <PinnedValue key={port} node={node} port={port} value={value} />
      ))}
    </section>
  )
}
