import { Shortcuts } from '../help/shortcuts.tsx'
import { useT } from '../i18n/index.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Every key, over the page that it is asked on. */
const ShortcutDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('shell.shortcuts')}
      action={t('ui.close')}
      onAction={onClose}
      closable={false}
      wide
    >
      <Shortcuts className="gap-x-7" />
    </Dialog>
  )
}

export default ShortcutDialog
