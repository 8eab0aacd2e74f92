import { type ChangeEvent, useEffect, useRef, useState } from 'react'

type Editable = HTMLInputElement | HTMLTextAreaElement

/**
 * Text that is being typed. Every change is committed at once, but for syllables that an input method still composes. What
 * changes from outside (undo, another tab) replaces the draft; what a commit made of the text itself (`0.` is 0) does not.
 */
export const useDraft = (value: string, commit: (text: string) => void) => useSettledDraft(value, commit).typed

/** The same, with `settle` to show what was made of the text once the hand leaves. */
export const useSettledDraft = (value: string, commit: (text: string) => void) => {
  const [draft, setDraft] = useState(value)
  const [sent, setSent] = useState(0)
  const seen = useRef({ value, sent })
  const isComposing = useRef(false)
  useEffect(() => {
    const before = seen.current
    if (isComposing.current) return
    seen.current = { value, sent }
    // A send renders together with the value that it leads to.
    if (value !== before.value && sent === before.sent) setDraft(value)
  }, [value, sent])
  const send = (text: string) => {
    setSent((count) => count + 1)
    commit(text)
  }
  const typed = {
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
  return { typed, settle: () => setDraft(value) }
}
