import { type Fault, type Rule, rules } from '#runtime/pipeline/faults.ts'
import type { Translate } from '../i18n/index.tsx'
import { ApiError } from './client.ts'

const isRule = (rule: unknown): rule is Rule => (rules as readonly unknown[]).includes(rule)

/** What is wrong with a value and what to do, by the rule it breaks; without a rule known here the words that came along. */
export const faultWords = ({ rule, values, message }: Omit<Fault, 'pointer'>, t: Translate): string =>
  isRule(rule) ? t(`faults.${rule}`, values) : message

/** What the server found wrong with the request, by place. */
export const faultsIn = (error: unknown): readonly Fault[] => (error instanceof ApiError && error.problem?.errors) || []

/**
 * What the server found wrong with one field of a form, for its error line.
 * @example <Field label={t('settings.name')} error={faultAt(error, '/name', t)}>…
 */
export const faultAt = (error: unknown, pointer: string, t: Translate): string | undefined => {
  const fault = faultsIn(error).find((one) => one.pointer === pointer)
  return fault && faultWords(fault, t)
}
