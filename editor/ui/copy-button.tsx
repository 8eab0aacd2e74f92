import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useT } from '../i18n/index.tsx'
import { Button } from './button.tsx'
import { copyText } from './clipboard.ts'
import { IconButton } from './icon-button.tsx'
import { toast } from './toaster.tsx'

type CopyButtonProps = {
  text: string
  /** With a word beside the icon. */
  label?: string
}

/** Copies and says so on itself for a moment. */
export const CopyButton = ({ text, label }: CopyButtonProps) => {
  const t = useT()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    if (await copyText(text)) setCopied(true)
    else toast(t('ui.copy-failed'))
  }
  const icon = copied ? <Check aria-hidden /> : <Copy aria-hidden />
  if (!label)
    return (
      <IconButton name={t(copied ? 'ui.copied' : 'ui.copy')} size="small" onClick={() => void copy()}>
        {icon}
      </IconButton>
    )
  return (
    <Button size="small" onClick={() => void copy()}>
      {icon}
      {copied ? t('ui.copied') : label}
    </Button>
  )
}
