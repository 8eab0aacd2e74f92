import { useState } from 'react'
import { useSetSecret } from '../api/settings.ts'
import { useT } from '../i18n/index.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'

const fits = (name: string) => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)

/** Stores a new secret, or another value under a name that nodes already use. */
export const SecretDialog = ({ name: known, onClose }: { name?: string; onClose: () => void }) => {
  const t = useT()
  const set = useSetSecret()
  const [name, setName] = useState(known ?? '')
  const [value, setValue] = useState('')
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={known ? t('settings.replace-secret', { name: known }) : t('settings.add-secret')}
      text={t('settings.secret-unseen')}
      action={known ? t('settings.replace-value') : t('settings.save-secret')}
      busy={set.isPending}
      disabled={!fits(name) || value === ''}
      onAction={() => set.mutate({ name, value }, { onSuccess: onClose })}
    >
      {!known && (
        <Field
          label={t('settings.name')}
          help={t('settings.secret-name-help')}
          error={name !== '' && !fits(name) && t('settings.secret-name-wrong')}
        >
          {(control) => <Input {...control} mono value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <Field label={t('settings.value')}>
        {(control) => (
          <Input
            {...control}
            type="password"
            mono
            autoComplete="new-password"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </Field>
      {set.error && <ErrorState error={set.error} />}
    </Dialog>
  )
}
