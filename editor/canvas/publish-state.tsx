import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { usePublished } from './use-published.ts'

/** Draft, a version, or a draft after a version. */
export const PublishChip = ({ version }: { version: number | null }) => {
  const t = useT()
  const { isSame } = usePublished(version)
  const words = () => {
    if (version === null) return t('document.draft')
    return isSame ? t('document.at-version', { version }) : t('document.draft-after', { version })
  }
  return (
    <Chip tone="line" className="max-wide:hidden" data-draft={isSame ? 'same' : 'changed'}>
      {words()}
    </Chip>
  )
}

/** Makes the draft the next version, unless it is the last one as it stands. */
export const PublishButton = ({ version, onPublish }: { version: number | null; onPublish: () => void }) => {
  const t = useT()
  const { isSame } = usePublished(version)
  if (version !== null && isSame)
    return (
      <Tooltip text={t('document.publish-same', { version })}>
        <Button variant="primary" aria-disabled aria-description={t('document.publish-same', { version })}>
          {t('document.publish')}
        </Button>
      </Tooltip>
    )
  return (
    <Button variant="primary" onClick={onPublish}>
      {version === null ? t('document.publish') : t('document.publish-version', { version: version + 1 })}
    </Button>
  )
}
