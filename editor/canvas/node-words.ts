import type { Bilingual, CatalogueEntry } from '#nodes/define.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'

type Named = Pick<PipelineNode, 'id' | 'type' | 'title'>

/** What a node is called: the name a person gave it, else its type's. */
export const nodeName = (node: Named, entry: CatalogueEntry | undefined, local: (text: Bilingual) => string): string =>
  node.title ?? (entry ? local(entry.title) : node.type)

const written = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(written).join(', ')
  if (typeof value === 'object') return Object.keys(value).join(', ')
  return String(value)
}

/** The one line of the config that matters, as the type words it; nothing where a value it names is empty. */
export const summaryOf = (entry: CatalogueEntry, config: Record<string, unknown>): string => {
  if (!entry.summary) return ''
  const parts = entry.summary.split(' · ').map((part) => {
    let isEmpty = false
    const text = part.replace(/\{([\w-]+)\}/g, (_, key: string) => {
      const value = written(config[key])
      if (value === '') isEmpty = true
      return value
    })
    return isEmpty ? '' : text
  })
  return parts.filter(Boolean).join(' · ')
}
