import type { PipelineDocument } from '#runtime/pipeline/document.ts'

/** Turns a title into the readable part of an id; undefined when no letter or digit that an id may have is left. */
export const slug = (title: string): string | undefined => {
  const made = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
  return made === '' ? undefined : made
}

/**
 * The first of `answer`, `answer-2`, `answer-3` … that is not taken.
 * @example freshId('answer', new Set(['answer'])) // 'answer-2'
 */
export const freshId = (wanted: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(wanted)) return wanted
  const stem = wanted.replace(/-\d+$/, '')
  let count = 2
  while (taken.has(`${stem}-${count}`)) count += 1
  return `${stem}-${count}`
}

export const nodeIds = (document: PipelineDocument): Set<string> => new Set(document.nodes.map((node) => node.id))

/** Whether an id was made from the type by `freshId`, so that a title may still give it a better one. */
export const isMadeId = (id: string, type: string): boolean => id === type || /^-\d+$/.test(id.replace(type, ''))
