import type { RunEvent } from '#runtime/engine/events.ts'

const seconds = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

/** What a person at a terminal wants to know of an event; nothing for most. */
export const tellEvent = (event: RunEvent, title: (node: string) => string): string | undefined => {
  switch (event.type) {
    case 'step-end':
      return `✓ ${title(event.node)}  ${seconds(event.ms)}`
    case 'step-skip':
      return `– ${title(event.node)}  skipped (${event.reason})`
    case 'step-fail':
      return `✗ ${title(event.node)}  ${event.error.message}`
    case 'step-restart':
      return `↻ ${title(event.node)}  ${event.error.message} Trying again.`
    case 'map-progress': {
      const of = event.total === undefined ? '' : ` of ${event.total}`
      const bad = event.failed > 0 ? `, ${event.failed} failed` : ''
      return event.ended ? `✓ ${title(event.node)}  ${event.done}${of} items${bad}  ${seconds(event.ms)}` : undefined
    }
    default:
      return undefined
  }
}
