import { NodeError } from '../errors.ts'

/**
 * Refuses to do without an optional input that is wired and brought nothing, where the node would quietly do something else:
 * deploy what no report vouches for, or answer with another model.
 * @param kinds Of the inputs that are wired.
 * @throws NodeError `input-missing`
 */
export const requireWired = (
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, unknown>>,
): void => {
  if (kinds[name] === undefined || inputs[name] !== undefined) return
  throw new NodeError(
    'input-missing',
    `What is wired into "${name}" brought nothing: it is switched off, or was skipped. Switch it on, or remove the cable.`,
    { details: { input: name } },
  )
}
