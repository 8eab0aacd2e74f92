import { useT } from '../i18n/index.tsx'
import { CopyButton } from '../ui/copy-button.tsx'

/** A secret that will never be seen again. */
export const ShownOnce = ({ value, note }: { value: string; note?: string }) => {
  const t = useT()
  return (
    <div>
      <div className="flex items-center gap-2 rounded-control bg-sunken p-2 pl-3 inset-ring inset-ring-line">
        <code className="num min-w-0 flex-1 break-all text-small select-all">{value}</code>
        <CopyButton text={value} label={t('ui.copy')} />
      </div>
      {note && <p className="mt-2 text-small text-wait">{note}</p>}
    </div>
  )
}
