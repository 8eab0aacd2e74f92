import { useState } from 'react'
import { type KeyScope, keyScopes, useMakeKey } from '../api/settings.ts'
import { useT } from '../i18n/index.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Select } from '../ui/select.tsx'
import { namesIn, OnlyField } from './only-field.tsx'
import { ShownOnce } from './shown-once.tsx'
import { scopeKeys, scopeLineKeys } from './words.ts'

/** Makes a key, then shows it: once. */
export const KeyDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const make = useMakeKey()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<KeyScope>('run')
  const [only, setOnly] = useState('')
  const names = namesIn(only)
  const made = make.data
  if (made) {
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t('settings.key-made', { name: made.name })}
        text={t('settings.shown-once')}
        action={t('settings.kept-it')}
        onAction={onClose}
        closable={false}
        keeps
      >
        <ShownOnce value={made.key} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('settings.make-key')}
      action={t('settings.make-key')}
      busy={make.isPending}
      disabled={name.trim() === ''}
      onAction={() =>
        make.mutate({ name: name.trim(), scope, ...(scope === 'serve' && names.length > 0 && { only: names }) })
      }
    >
      <Field label={t('settings.name')} help={t('settings.key-name-help')}>
        {(control) => (
          <Input {...control} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label={t('settings.may')} help={t(scopeLineKeys[scope])}>
        {(control) => (
          <Select
            {...control}
            value={scope}
            onChange={setScope}
            options={keyScopes.map((value) => ({ value, label: t(scopeKeys[value]) }))}
          />
        )}
      </Field>
      {scope === 'serve' && <OnlyField text={only} onChange={setOnly} />}
      {make.error && <ErrorState error={make.error} />}
    </Dialog>
  )
}
