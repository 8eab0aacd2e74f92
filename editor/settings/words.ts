import type { Hook } from '#server/api.ts'
import type { KeyScope } from '../api/settings.ts'
import type { MessageKey } from '../i18n/index.tsx'

/** What a key may do, in a word. */
export const scopeKeys: Record<KeyScope, MessageKey> = {
  serve: 'settings.scope-serve',
  run: 'settings.scope-run',
  edit: 'settings.scope-edit',
  admin: 'settings.scope-admin',
}
export const scopeLineKeys: Record<KeyScope, MessageKey> = {
  serve: 'settings.scope-serve-line',
  run: 'settings.scope-run-line',
  edit: 'settings.scope-edit-line',
  admin: 'settings.scope-admin-line',
}

/** When a webhook answers. */
export const modeKeys: Record<Hook['mode'], MessageKey> = {
  sync: 'settings.mode-sync',
  stream: 'settings.mode-stream',
  async: 'settings.mode-async',
}

/** Who vouches for a call of a webhook. */
export const authKeys: Record<Hook['auth'], MessageKey> = {
  standard: 'settings.auth-standard',
  bearer: 'settings.auth-bearer',
  github: 'settings.auth-github',
  stripe: 'settings.auth-stripe',
  none: 'settings.auth-none',
}

export const hookAddress = (name: string): string => `${location.origin}/hooks/${name}`
