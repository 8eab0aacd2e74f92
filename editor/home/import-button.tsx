import { FileInput } from 'lucide-react'
import { useRef } from 'react'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'

type ImportButtonProps = {
  onFiles: (files: readonly File[]) => void
  disabled?: boolean
}

/** Chooses files with pipelines. */
export const ImportButton = ({ onFiles, disabled }: ImportButtonProps) => {
  const t = useT()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        multiple
        hidden
        aria-label={t('home.import')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          if (files.length > 0) onFiles(files)
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
