import { FileInput } from 'lucide-react'
import { useRef } from 'react'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { ApiError } from '../api/client.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'

/** The document in a file, unchecked: the server names what is wrong with it. */
export const readDocument = async (file: File): Promise<PipelineDocument> => {
  try {
    return JSON.parse(await file.text()) as PipelineDocument
  } catch (cause) {
    throw new ApiError('bad-json', 0, `${file.name} is not JSON. Choose a pipeline that was exported from Patchbay.`, {
      cause,
    })
  }
}

type ImportButtonProps = {
  onDocument: (document: PipelineDocument) => void
  onError: (error: unknown) => void
  disabled?: boolean
}

/** Opens a file and hands over the pipeline in it. */
export const ImportButton = ({ onDocument, onError, disabled }: ImportButtonProps) => {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  const take = (file: File | undefined) => {
    if (file) void readDocument(file).then(onDocument, onError)
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t('home.import')}
        onChange={(event) => {
          take(event.target.files?.[0])
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
      <Button disabled={disabled} onClick={() => input.current?.click()}>
        <FileInput aria-hidden />
        {t('home.import')}
      </Button>
    </>
  )
}
