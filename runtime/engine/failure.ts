import { NodeError } from '#nodes/errors.ts'
import type { RunError } from './events.ts'
import type { PlanNode } from './plan.ts'

/** What is told of a failed step. Values of secrets that it was given are blotted out of the message. */
export const toRunError = (
  error: unknown,
  node: PlanNode,
  path: readonly number[],
  secrets: Iterable<string> = [],
): RunError => {
  const place = { node: node.id, ...(path.length > 0 && { path }) }
  if (error instanceof NodeError) {
    const details = Object.keys(error.details).length > 0 ? { details: error.details } : {}
    return { code: error.code, message: blot(error.message, secrets), ...place, ...details }
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    code: 'unexpected',
    message: blot(
      `The node failed in an unexpected way: ${message}. If it goes on, this is a bug of the node.`,
      secrets,
    ),
    ...place,
  }
}

/** Short values would blot out ordinary words. */
const blot = (message: string, secrets: Iterable<string>): string => {
  let clean = message
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '•••')
  return clean
}
