import type { Clock } from './clock.ts'
import type { RunEvent } from './events.ts'

/** What a step in flight has streamed and how far it is, so that late listeners see the whole of it. */
type InFlight = {
  node: string
  attempt: number
  at: number
  ports: Map<string, { text: string; told: number }>
  /** How far it said it is, the newest. */
  progress?: RunEvent
  /** Set while it waits for its next attempt. */
  restart?: RunEvent
}

export type Streams = {
  begin: (node: string, attempt: number, at: number) => void
  emit: (node: string, port: string, delta: string) => void
  /** How far the step is; of several only the newest counts. */
  progress: (node: string, event: RunEvent) => void
  /** Tells what is left of the step's text, then forgets it. */
  end: (node: string) => void
  /** The attempt failed and another follows. */
  restart: (node: string, event: RunEvent) => void
  /** What a listener who begins now has missed of the steps in flight. */
  soFar: () => RunEvent[]
}

/** At most one delta per port in this time, milliseconds: a screen shows no more. */
const pause = 16

/** Coalesces the pieces of streaming outputs. The first piece goes out at once. */
export const createStreams = (
  clock: Clock,
  hub: { listening: () => boolean; hint: (event: RunEvent) => void },
): Streams => {
  const inFlight = new Map<string, InFlight>()
  let resting = false

  const tell = (step: InFlight): boolean => {
    let told = false
    for (const [port, stream] of step.ports) {
      if (stream.told === stream.text.length) continue
      const delta = stream.text.slice(stream.told)
      stream.told = stream.text.length
      told = true
      hub.hint({ type: 'step-delta', node: step.node, port, delta, attempt: step.attempt })
    }
    return told
  }
  const rest = () => {
    resting = true
    const wake = () => {
      resting = false
      let told = false
      for (const step of inFlight.values()) told = tell(step) || told
      if (told) rest()
    }
    clock.sleep(pause).then(wake, wake)
  }
  return {
    begin: (node, attempt, at) => {
      inFlight.set(node, { node, attempt, at, ports: new Map() })
      if (hub.listening()) hub.hint({ type: 'step-start', node, attempt, at })
    },
    emit: (node, port, delta) => {
      const step = inFlight.get(node)
      if (!step || step.restart || delta === '') return
      const stream = step.ports.get(port) ?? { text: '', told: 0 }
      step.ports.set(port, stream)
      stream.text += delta
      if (!hub.listening()) stream.told = stream.text.length
      else if (!resting) {
        tell(step)
        rest()
      }
    },
    progress: (node, event) => {
      const step = inFlight.get(node)
      if (!step || step.restart) return
      step.progress = event
      if (hub.listening()) hub.hint(event)
    },
    end: (node) => {
      const step = inFlight.get(node)
      if (step) tell(step)
      inFlight.delete(node)
    },
    restart: (node, event) => {
      const step = inFlight.get(node)
      if (!step) return
      tell(step)
      step.ports.clear()
      delete step.progress
      step.restart = event
      hub.hint(event)
    },
    soFar: () =>
      [...inFlight.values()].flatMap(({ node, attempt, at, ports, progress, restart }): RunEvent[] => [
        { type: 'step-start', node, attempt, at },
        ...(restart ? [restart] : []),
        ...(progress ? [progress] : []),
        ...[...ports].flatMap(([port, { text, told }]): RunEvent[] =>
          told === 0 ? [] : [{ type: 'step-delta', node, port, delta: text.slice(0, told), attempt }],
        ),
      ]),
  }
}
