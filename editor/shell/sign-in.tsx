import { type FormEvent, useState } from 'react'
import { useSignIn } from '../api/session.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Field } from '../ui/field.tsx'
import { Input } from '../ui/input.tsx'
import { Centered } from './centered.tsx'
import { LanguageChoice } from './language-choice.tsx'

/** Shown without a session. The way in is the link that the server prints, or an admin key; there is no password to guess. */
export const SignIn = () => {
  const t = useT()
  const [token, setToken] = useState('')
  const signIn = useSignIn()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim()) signIn.mutate(token.trim())
  }
  return (
    <Centered title={t('shell.sign-in')}>
      <p className="text-lead text-ink-2">{t('shell.sign-in-link')}</p>
      <p className="text-ink-2">{t('shell.sign-in-again')}</p>
      <form onSubmit={submit} className="mt-2 flex w-full flex-col gap-3">
        <Field label={t('shell.sign-in-key')}>
          {(control) => (
            <Input {...control} type="password" mono value={token} onChange={(event) => setToken(event.target.value)} />
          )}
        </Field>
        {signIn.error && <ErrorState error={signIn.error} />}
        <div className="flex items-center justify-between">
          <Button type="submit" variant="primary" disabled={signIn.isPending || token.trim() === ''}>
            {t('shell.sign-in-do')}
          </Button>
          <LanguageChoice />
        </div>
      </form>
    </Centered>
  )
}
