import { useMemo } from 'react'
import type { Change } from '#runtime/pipeline/diff.ts'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { changesSince } from '../document/changes-since.ts'
import { nodesById, useDesk } from '../document/desk.ts'
import { type Translate, useLocal, useT } from '../i18n/index.tsx'
import { nodeName } from './node-words.ts'

type Line = { key: string; sign: '+' | '−' | '~'; text: string }

/** Several changed settings of one node are one line. */
const linesOf = (changes: readonly Change[], t: Translate, named: (id: string) => string): Line[] => {
  const settings = new Map<string, string[]>()
  const lines = changes.flatMap((change): Line[] => {
    const key = JSON.stringify(change)
    switch (change.change) {
      case 'node-added':
        return [{ key, sign: '+', text: t('document.change-node-added', { node: named(change.node) }) }]
      case 'node-removed':
        return [{ key, sign: '−', text: t('document.change-node-removed', { node: named(change.node) }) }]
      case 'node-moved':
        return []
      case 'node-renamed':
        return [
          {
            key,
            sign: '~',
            text: t('document.change-node-renamed', { node: change.before ?? change.node, to: named(change.node) }),
          },
        ]
      case 'node-retyped':
      case 'config-changed':
      case 'node-changed':
        settings.set(change.node, [
          ...(settings.get(change.node) ?? []),
          change.change === 'node-retyped' ? 'type' : change.key,
        ])
        return []
      case 'edge-added':
        return [
          {
            key,
            sign: '+',
            text: t('document.change-edge-added', { edge: `${change.edge.from} → ${change.edge.to}` }),
          },
        ]
      case 'edge-removed':
        return [
          {
            key,
            sign: '−',
            text: t('document.change-edge-removed', { edge: `${change.edge.from} → ${change.edge.to}` }),
          },
        ]
      case 'edges-reordered':
        return [{ key, sign: '~', text: change.to }]
      case 'resource-added':
        return [{ key, sign: '+', text: t('document.change-resource-added', { name: change.resource }) }]
      case 'resource-removed':
        return [{ key, sign: '−', text: t('document.change-resource-removed', { name: change.resource }) }]
      case 'resource-changed':
        return [{ key, sign: '~', text: t('document.change-resource-changed', { name: change.resource }) }]
      case 'document-changed':
        return [{ key, sign: '~', text: t('document.change-document-changed', { key: change.key }) }]
    }
  })
  const changed = [...settings].map(
    ([node, names]): Line => ({
      key: `settings ${node}`,
      sign: '~',
      text: t('document.change-node-changed', { node: named(node), keys: names.join(', ') }),
    }),
  )
  return [...changed, ...lines]
}

/** What the next version changes, one line per thing. Moved nodes are no change that runs differently. */
export const VersionChanges = ({
  before,
  after,
  version,
}: {
  before: PipelineDocument
  after: PipelineDocument
  version: number
}) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const lines = useMemo(() => {
    const named = (id: string) => {
      const node = nodesById(after).get(id) ?? nodesById(before).get(id)
      return node ? nodeName(node, desk.catalogue.get(node.type), local) : id
    }
    return linesOf(changesSince(before, after), t, named)
  }, [before, after, t, local, desk])
  if (lines.length === 0) return <p className="text-ink-2">{t('document.publish-same', { version })}</p>
  return (
    <div>
      <p className="mb-1.5 font-semibold">{t('document.changes', { count: lines.length, version })}</p>
      <ul className="flex max-h-60 flex-col overflow-y-auto rounded-[6px] bg-sunken px-3 py-2 text-small">
        {lines.map(({ key, sign, text }) => (
          <li key={key} className="flex gap-2 py-0.5">
            <span aria-hidden className="num w-3 shrink-0 text-ink-3">
              {sign}
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{text}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
