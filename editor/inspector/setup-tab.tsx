import type { CatalogueEntry } from '#nodes/define.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useT } from '../i18n/index.tsx'
import { ConfigForm } from './config-form.tsx'
import { Connections } from './connections.tsx'
import { NodeIdentity } from './node-identity.tsx'
import { PolicySection } from './policy-section.tsx'

export const SetupTab = ({ node, entry }: { node: PipelineNode; entry: CatalogueEntry | undefined }) => {
  const t = useT()
  return (
    <div className="flex flex-col divide-y divide-line">
      <div>
        {entry ? (
          <ConfigForm node={node} entry={entry} />
        ) : (
          <p className="px-3.5 py-3 text-small text-fail">{t('inspector.unknown-type', { type: node.type })}</p>
        )}
      </div>
      {!entry?.annotation && <Connections node={node} />}
      {!entry?.annotation && <PolicySection node={node} />}
      <NodeIdentity node={node} />
    </div>
  )
}
