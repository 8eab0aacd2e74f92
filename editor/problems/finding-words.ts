import { useMemo } from 'react'
import type { Finding } from '#runtime/pipeline/document.ts'
import type { Rule } from '#runtime/pipeline/faults.ts'
import { faultWords } from '../api/fault-words.ts'
import { nodeName } from '../canvas/node-words.ts'
import { nodesById, useDesk } from '../document/desk.ts'
import { type MessageKey, type Translate, useLocal, useT } from '../i18n/index.tsx'
import { fieldSpecs } from '../inspector/field-spec.ts'

export type FindingWords = {
  /** For a node's foot: a few words. */
  short: string
  /** What is wrong and what to do. */
  text: string
  /** The same beside the field that it speaks of, without the field's name. */
  reason?: string
}

const detail = (finding: Finding, name: string): string => String(finding.details?.[name] ?? '')
const kindIn = (t: Translate, finding: Finding, name: string): string => {
  const key = `ui.kind-${detail(finding, name)}`
  const words = t(key as MessageKey)
  // A kind that is newer than this page.
  return words === key ? detail(finding, name) : words
}

/** Why a value of a config is not right. */
const reasonOf = ({ details: { pointer: _, reason = '', rule, ...values } = {} }: Finding, t: Translate): string =>
  // What is no rule known here is told as it came.
  faultWords({ message: String(reason), rule: rule as Rule, values }, t)

/** Findings in the reader's language, by their code and details; what is not known here keeps the server's English. */
export const useFindingWords = (): ((finding: Finding | undefined) => FindingWords) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  return useMemo(() => {
    const named = (id: string) => {
      const node = nodesById(desk.store.getState().document).get(id)
      return node ? nodeName(node, desk.catalogue.get(node.type), local) : id
    }
    const typed = (type: string) => {
      const entry = desk.catalogue.get(type)
      return entry ? local(entry.title) : type
    }
    /** The field as the form names it, and the place inside it where that says more. */
    const labelled = (finding: Finding): string => {
      const [field = '', ...inside] = detail(finding, 'pointer').split('/').slice(1)
      const node = nodesById(desk.store.getState().document).get(finding.node ?? '')
      const entry = node && desk.catalogue.get(node.type)
      const label = entry && fieldSpecs(entry.config).find(({ key }) => key === field)?.label
      return [label ? local(label) : field, ...inside].join(' › ')
    }
    return (finding) => {
      if (!finding) return { short: '', text: '' }
      const port = finding.port ?? ''
      switch (finding.code) {
        case 'cycle':
          return { short: t('problems.cycle-short'), text: t('problems.cycle') }
        case 'unknown-type':
          return {
            short: t('problems.unknown-type-short'),
            text: t('problems.unknown-type', { type: detail(finding, 'type') }),
          }
        case 'newer-version':
          return { short: t('problems.newer-version-short'), text: t('problems.newer-version') }
        case 'invalid-config': {
          const field = labelled(finding)
          const reason = reasonOf(finding, t)
          return {
            short: t('problems.invalid-config-short', { field }),
            text: t('problems.invalid-config', { field, reason }),
            reason,
          }
        }
        case 'broken-edge': {
          const end = detail(finding, 'end')
          const values = { node: named(detail(finding, 'node')), port: detail(finding, 'port') }
          return {
            short: t('problems.broken-edge-short', values),
            text: end.endsWith('node')
              ? t('problems.broken-edge-node', values)
              : t('problems.broken-edge-port', values),
          }
        }
        case 'kind-mismatch': {
          const values = { port, from: kindIn(t, finding, 'from'), to: kindIn(t, finding, 'to') }
          return { short: t('problems.kind-mismatch-short', values), text: t('problems.kind-mismatch', values) }
        }
        case 'input-missing': {
          const disabled = detail(finding, 'disabled')
          return {
            short: t('problems.input-missing-short', { port }),
            text: disabled
              ? t('problems.input-off', { port, node: named(disabled) })
              : t('problems.input-missing', { port }),
          }
        }
        case 'input-taken':
          return { short: t('problems.input-taken-short', { port }), text: t('problems.input-taken', { port }) }
        case 'needs-stream':
          return { short: t('problems.needs-stream-short', { port }), text: t('problems.needs-stream', { port }) }
        case 'zip-first':
          return {
            short: t('problems.zip-first-short'),
            text: t('problems.zip-first', { port, other: detail(finding, 'otherPort') }),
          }
        case 'both-arms':
          return {
            short: t('problems.both-arms-short'),
            text: t('problems.both-arms', { node: named(detail(finding, 'branch')) }),
          }
        case 'duplicate-output':
          return {
            short: t('problems.duplicate-output-short', { port }),
            text: t('problems.duplicate-output', { port }),
          }
        case 'resource-missing': {
          const name = detail(finding, 'name')
          return {
            short: t('problems.resource-missing-short', { name: name || typed(detail(finding, 'kind')) }),
            text: name
              ? t('problems.resource-missing', { name })
              : t('problems.resource-none', { kind: detail(finding, 'kind') }),
          }
        }
        case 'files-missing':
          return {
            short: t('problems.files-missing-short', { name: detail(finding, 'name') }),
            text: t('problems.files-missing', { name: detail(finding, 'name') }),
          }
        case 'model-invalid': {
          const values = { model: detail(finding, 'model'), provider: detail(finding, 'provider') }
          const short = t('problems.model-invalid-short', values)
          switch (detail(finding, 'fault')) {
            case 'form':
              return { short, text: t('problems.model-form', values) }
            case 'absent':
              return { short, text: t('problems.model-absent', values) }
            default:
              return { short, text: t('problems.model-provider', values) }
          }
        }
        case 'secret-missing':
          return {
            short: t('problems.secret-missing-short'),
            text: t('problems.secret-missing', { name: detail(finding, 'name') }),
          }
        case 'empty':
          return { short: t('problems.empty'), text: t('problems.empty') }
        default:
          return { short: finding.message, text: finding.message }
      }
    }
  }, [t, local, desk])
}
