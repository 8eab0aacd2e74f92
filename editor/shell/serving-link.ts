import type { Kind } from '#nodes/ports.ts'
import { deploymentPath, modelRoom } from './addresses.ts'

/** A model or a deployment as a value, in words, and the page that tells more of it. */
export const servingLink = (kind: Kind, value: unknown): { text: string; path: string } | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  if (kind === 'model' && 'model' in value && typeof value.model === 'string')
    return { text: value.model, path: modelRoom(value.model) }
  if (kind === 'deployment' && 'name' in value && typeof value.name === 'string' && 'revision' in value)
    return { text: `${value.name}@${value.revision}`, path: deploymentPath(value.name) }
  return undefined
}
