import { Plus } from 'lucide-react'
import { useState } from 'react'
import { type ApiKey, useApiKeys, useRevokeKey } from '../api/settings.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Table, Td, Th } from '../ui/table.tsx'
import { KeyDialog } from './key-dialog.tsx'
import { Listing } from './listing.tsx'
import { RemoveButton } from './remove-button.tsx'
import { Section } from './section.tsx'
import { scopeKeys } from './words.ts'

const Row = ({ apiKey }: { apiKey: ApiKey }) => {
  const t = useT()
  const { language } = useLanguage()
  const revoke = useRevokeKey()
  const { id, name, scope, only, createdAt, usedAt } = apiKey
  return (
    <tr>
      <Td className="w-full max-w-0 truncate pl-[18px] font-medium">{name}</Td>
      <Td>
        <span className="flex gap-1.5">
          <Chip tone="line">{t(scopeKeys[scope])}</Chip>
          {only && (
            <Chip tone="line" title={only.join('\n')}>
              {t('settings.only-count', { count: only.length })}
            </Chip>
          )}
        </span>
      </Td>
      <Td className="text-ink-3" title={moment(createdAt, language)}>
        {relativeTime(createdAt, language)}
      </Td>
      <Td className="text-ink-3" {...(usedAt && { title: moment(usedAt, language) })}>
        {usedAt ? relativeTime(usedAt, language) : t('settings.never')}
      </Td>
      <Td className="pr-3">
        <RemoveButton
          id={id}
          remove={revoke}
          question={t('settings.revoke-question', { name })}
          loses={t('settings.revoke-loses')}
          action={t('settings.revoke')}
        />
      </Td>
    </tr>
  )
}

/** Keys that programs call the API with. */
export const Keys = () => {
  const t = useT()
  const keys = useApiKeys()
  const [making, setMaking] = useState(false)
  return (
    <Section
      title={t('settings.keys')}
      text={t('settings.keys-line')}
      action={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          {t('settings.make-key')}
        </Button>
      }
    >
      <Listing query={keys} empty={{ title: t('settings.no-keys'), text: t('settings.no-keys-line') }}>
        {(items) => (
          <Table>
            <thead>
              <tr>
                <Th className="pl-[18px]">{t('settings.name')}</Th>
                <Th>{t('settings.may')}</Th>
                <Th>{t('settings.made')}</Th>
                <Th>{t('settings.used')}</Th>
                <Th>
                  <span className="sr-only">{t('ui.more')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((apiKey) => (
                <Row key={apiKey.id} apiKey={apiKey} />
              ))}
            </tbody>
          </Table>
        )}
      </Listing>
      {making && <KeyDialog onClose={() => setMaking(false)} />}
    </Section>
  )
}
