import { useEffect, useState } from 'react'
import { useDesk, useDocument } from '../document/desk.ts'
import { useT } from '../i18n/index.tsx'
import { isComposing } from '../ui/input.tsx'

/** The name of the pipeline; a click edits it. */
export const PipelineName = () => {
  const t = useT()
  const desk = useDesk()
  const name = useDocument((document) => document.name)
  const [draft, setDraft] = useState<string | undefined>()
  const keep = () => {
    if (draft !== undefined && draft.trim() !== '' && draft.trim() !== name) desk.name(draft.trim())
    setDraft(undefined)
  }
  useEffect(() => {
    document.title = `${name} · Patchbay`
    return () => {
      document.title = 'Patchbay'
    }
  }, [name])
  if (draft === undefined)
    return (
      <h1 className="flex min-w-12">
        <button
          type="button"
          title={`${name}\n${t('canvas.rename')}`}
          onClick={() => setDraft(name)}
          className="truncate rounded-control px-1 py-0.5 font-semibold hover:bg-hover"
        >
          {name}
        </button>
      </h1>
    )
  return (
    <input
      autoFocus
      aria-label={t('document.name')}
      value={draft}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={keep}
      onKeyDown={(event) => {
        if (isComposing(event)) return
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') setDraft(undefined)
      }}
      className="min-w-0 rounded-control bg-node px-1 py-0.5 font-semibold inset-ring inset-ring-ui"
    />
  )
}
