import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { IconButton } from '../ui/icon-button.tsx'

type RemoveButtonProps = {
  /** The question: "Delete openai-team?" */
  question: string
  /** What stops working. */
  loses: string
  /** The verb on the button: "Delete secret". */
  action: string
  remove: {
    mutate: (input: string, options: { onSuccess: () => void }) => void
    isPending: boolean
    error: Error | null
    reset: () => void
  }
  id: string
}

/** Asks before it removes: something out there may use it. */
export const RemoveButton = ({ question, loses, action, remove, id }: RemoveButtonProps) => {
  const [asked, setAsked] = useState(false)
  const ask = (open: boolean) => {
    remove.reset()
    setAsked(open)
  }
  return (
    <>
      <IconButton name={question} size="small" onClick={() => ask(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <Dialog
        open={asked}
        onOpenChange={ask}
        title={question}
        text={loses}
        action={action}
        danger
        busy={remove.isPending}
        onAction={() => remove.mutate(id, { onSuccess: () => ask(false) })}
      >
        {remove.error && <ErrorState error={remove.error} />}
      </Dialog>
    </>
  )
}
