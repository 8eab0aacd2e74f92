import { useMemo } from 'react'
import type { CatalogueEntry } from '#nodes/define.ts'
import type { Finding, PipelineNode } from '#runtime/pipeline/document.ts'
import { fullConfig } from '../document/defaults.ts'
import { useDesk, useNodeFindings } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { useFindingWords } from '../problems/finding-words.ts'
import { Field } from '../ui/field.tsx'
import { Fold } from '../ui/fold.tsx'
import { FieldByControl } from './field-control.tsx'
import { type FieldSpec, fieldSpecs, isShown } from './field-spec.ts'

/** The field of a config that a finding speaks of. */
const fieldOf = (finding: Finding): string | undefined => {
  if (finding.code === 'invalid-config') return String(finding.details?.pointer ?? '').split('/')[1]
  return finding.details?.field === undefined ? undefined : String(finding.details.field)
}

type ConfigFieldProps = {
  spec: FieldSpec
  node: PipelineNode
  config: Record<string, unknown>
  error: string | undefined
}

const ConfigField = ({ spec, node, config, error }: ConfigFieldProps) => {
  const local = useLocal()
  const desk = useDesk()
  const name = spec.label ? local(spec.label) : spec.key
  const change = (value: unknown) => {
    const { [spec.key]: _, ...others } = node.config
    // What came out of a control is JSON: text, numbers, lists and records of them.
    const next = value === undefined ? others : { ...node.config, [spec.key]: value as PipelineNode['config'][string] }
    desk.configure(node.id, next, spec.key)
  }
  return (
    <Field
      label={name}
      help={spec.help && local(spec.help)}
      error={error}
      {...(spec.control === 'toggle' && {
        className: 'grid grid-cols-[minmax(0,1fr)_auto] items-center [&>p]:col-span-2',
      })}
    >
      {(control) => (
        <FieldByControl
          spec={spec}
          node={node}
          name={name}
          control={control}
          value={config[spec.key]}
          onChange={change}
        />
      )}
    </Field>
  )
}

/** The form of a node's config, made from the JSON Schema of its type. */
export const ConfigForm = ({ node, entry }: { node: PipelineNode; entry: CatalogueEntry }) => {
  const t = useT()
  const words = useFindingWords()
  const findings = useNodeFindings(node.id)
  const config = fullConfig(entry, node)
  const specs = useMemo(() => fieldSpecs(entry.config), [entry])
  const errors = new Map(
    findings.flatMap((finding): [string, string][] => {
      const field = fieldOf(finding)
      const { text, reason = text } = words(finding)
      return field === undefined ? [] : [[field, reason]]
    }),
  )
  const shown = specs.filter((spec) => isShown(spec, config))
  const [plain, more] = [shown.filter((spec) => !spec.advanced), shown.filter((spec) => spec.advanced)]
  const draw = (spec: FieldSpec) => (
    <ConfigField key={spec.key} spec={spec} node={node} config={config} error={errors.get(spec.key)} />
  )
  if (shown.length === 0) return <p className="px-3.5 py-3 text-small text-ink-3">{t('inspector.no-config')}</p>
  return (
    <>
      <div className="flex flex-col gap-4 px-3.5 py-3">{plain.map(draw)}</div>
      {more.length > 0 && (
        <div className="border-line border-t">
          <Fold title={t('inspector.more')} open={more.some((spec) => errors.has(spec.key))}>
            <div className="flex flex-col gap-4 px-3.5 pt-1 pb-3">{more.map(draw)}</div>
          </Fold>
        </div>
      )}
    </>
  )
}
