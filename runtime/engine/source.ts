import { setImmediate as nextTick } from 'node:timers/promises'
import { NodeError } from '#nodes/errors.ts'
import type { ActiveRun } from './active-run.ts'
import { readItem } from './outputs.ts'
import type { PlanNode } from './plan.ts'
import { applyItems, itemsOf, type Scope } from './state.ts'

type Values = Record<string, unknown>

/** Milliseconds of work before others get their turn. */
const slice = 8

/** Reads all items that a step made for its map. Nothing of them counts until `journalItems`. */
export const readItems = async (run: ActiveRun, node: PlanNode, each: unknown): Promise<Values[]> => {
  const items: Values[] = []
  let since = performance.now()
  for await (const item of iterableOf(node, each)) {
    items.push(readItem(node, item))
    if (performance.now() - since > slice) {
      await nextTick()
      if (run.stopped) break
      since = performance.now()
    }
  }
  return items
}

/** Anything iterable; a node without items (its list was empty) may leave `each` out. */
const iterableOf = (node: PlanNode, each: unknown): Iterable<unknown> | AsyncIterable<unknown> => {
  if (each === undefined) return []
  if (typeof each === 'object' && each !== null && (Symbol.iterator in each || Symbol.asyncIterator in each)) {
    return each as Iterable<unknown>
  }
  throw new NodeError(
    'bad-output',
    `Node "${node.id}" (${node.definition.type}) gave something under "each" that is no list of items. This is a bug of the node type; report it.`,
    { details: { node: node.id, port: 'each' } },
  )
}

/** Items and text of one chunk. */
const most = { items: 1_000, text: 1_000_000 }

/**
 * Journals the items in chunks. Those that an earlier owner of the run has journaled stay as they are: steps may have
 * been made of them.
 */
export const journalItems = (run: ActiveRun, node: PlanNode, scope: Scope, items: readonly Values[]): void => {
  const { parts, state } = run
  let from = itemsOf(scope, node).scopes.length
  while (from < items.length) {
    const chunk = chunkFrom(items, from)
    const last = from + chunk.length === items.length
    const seq = ++state.seq
    parts.journal.source(run.id, run.epoch, { node: node.id, path: scope.path, from, items: chunk, last, seq })
    applyItems(run.plan, scope, node, from, chunk)
    from += chunk.length
  }
}

const chunkFrom = (items: readonly Values[], from: number): Values[] => {
  const chunk: Values[] = []
  for (let at = from, text = 0; at < items.length && chunk.length < most.items && text < most.text; at += 1) {
    const item = items[at] as Values
    chunk.push(item)
    text += JSON.stringify(item).length
  }
  return chunk
}
