import { type ChangeEvent, useEffect, useRef, useState } from 'react'

type Editable = HTMLInputElement | HTMLTextAreaElement

/**
 * Text that is being typed. Every change is committed at once, but for syllables that an input method still composes; what
 * changes from outside (undo, another tab) replaces the draft.
 */
export const useDraft = (value: string, commit: (text: string) => void) => {
  const [draft, setDraft] = useState(value)
  const committed = useRef(value)
  const isComposing = useRef(false)
  useEffect(() => {
    if (value === committed.current || isComposing.current) return
    committed.current = value
    setDraft(value)
  }, [value])
  const send = (text: string) => {
    committed.current = text
    commit(text)
  }
  return {
    value: draft,
    onChange: (event: ChangeEvent<Editable>) => {
      setDraft(event.target.value)
      if (!isComposing.current) send(event.target.value)
    },
    onCompositionStart: () => {
      isComposing.current = true
    },
    onCompositionEnd: (event: { currentTarget: Editable }) => {
      isComposing.current = false
      setDraft(event.currentTarget.value)
      send(event.currentTarget.value)
    },
  }
}
