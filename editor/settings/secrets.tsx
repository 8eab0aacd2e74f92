import { Plus } from 'lucide-react'
import { useState } from 'react'
import { type SecretName, useDeleteSecret, useSecrets } from '../api/settings.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Table, Td, Th } from '../ui/table.tsx'
import { Listing } from './listing.tsx'
import { RemoveButton } from './remove-button.tsx'
import { SecretDialog } from './secret-dialog.tsx'
import { Section } from './section.tsx'

const Row = ({ secret, onReplace }: { secret: SecretName; onReplace: () => void }) => {
  const t = useT()
  const { language } = useLanguage()
  const remove = useDeleteSecret()
  const { name, updatedAt } = secret
  return (
    <tr>
      <Td className="num w-full pl-[18px] font-medium">{name}</Td>
      <Td className="text-ink-3">
        <time dateTime={updatedAt} title={moment(updatedAt, language)}>
          {relativeTime(updatedAt, language)}
        </time>
      </Td>
      <Td className="pr-3">
        <div className="flex items-center justify-end gap-1">
          <Button variant="ghost" size="small" onClick={onReplace} aria-label={t('settings.replace-secret', { name })}>
            {t('settings.replace')}
          </Button>
          <RemoveButton
            id={name}
            remove={remove}
            question={t('settings.delete-secret-question', { name })}
            loses={t('settings.delete-secret-loses')}
            action={t('settings.delete-secret')}
          />
        </div>
      </Td>
    </tr>
  )
}

/** Secrets can be written and used, never read. */
export const Secrets = () => {
  const t = useT()
  const secrets = useSecrets()
  const [edited, setEdited] = useState<{ name?: string }>()
  return (
    <Section
      title={t('settings.secrets')}
      text={t('settings.secrets-line')}
      action={
        <Button variant="primary" onClick={() => setEdited({})}>
          <Plus aria-hidden />
          {t('settings.add-secret')}
        </Button>
      }
    >
      <Listing query={secrets} empty={{ title: t('settings.no-secrets'), text: t('settings.no-secrets-line') }}>
        {(items) => (
          <Table>
            <thead>
              <tr>
                <Th className="pl-[18px]">{t('settings.name')}</Th>
                <Th>{t('settings.changed')}</Th>
                <Th>
                  <span className="sr-only">{t('ui.more')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((secret) => (
                <Row key={secret.name} secret={secret} onReplace={() => setEdited({ name: secret.name })} />
              ))}
            </tbody>
          </Table>
        )}
      </Listing>
      {edited && <SecretDialog {...edited} onClose={() => setEdited(undefined)} />}
    </Section>
  )
}
