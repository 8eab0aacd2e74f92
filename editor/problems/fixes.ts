import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { RunError } from '#runtime/engine/events.ts'
import type { Finding } from '#runtime/pipeline/document.ts'
import { bridgeFor } from '../canvas/judge-wire.ts'
import { nodesById, useDesk } from '../document/desk.ts'
import type { Point } from '../document/edits.ts'
import { splitRef } from '../document/rules.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { jobPath } from '../shell/addresses.ts'

export type Fix = { label: string; run: () => void } | undefined

/** The one button that solves a problem, where there is one. */
export const useFixes = () => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  const [, go] = useLocation()
  return useMemo(() => {
    const document = () => desk.store.getState().document
    const between = (a: string, b: string): Point => {
      const nodes = nodesById(document())
      const from: Point = nodes.get(a)?.at ?? [0, 0]
      const to: Point = nodes.get(b)?.at ?? [0, 0]
      return [Math.round((from[0] + to[0]) / 20) * 10, Math.round((from[1] + to[1]) / 20) * 10 + 100]
    }
    const open = (node: string): Fix => ({ label: t('problems.fix-open'), run: () => desk.view.jump(node) })

    const ofWire = (finding: Finding): Fix => {
      const edge = finding.edge === undefined ? undefined : document().edges[finding.edge]
      if (!edge) return undefined
      const [from, to] = [splitRef(edge.from), splitRef(edge.to)]
      const wiring = desk.wiring()
      const kind = wiring.nodes.get(from.node)?.outputs.find((port) => port.name === from.port)?.kind
      const goal = wiring.nodes.get(to.node)?.inputs.find((port) => port.name === to.port)
      const bridge =
        finding.code === 'kind-mismatch' && kind && goal ? bridgeFor(desk.catalogue, kind, goal) : undefined
      const entry = bridge && desk.catalogue.get(bridge.type)
      if (bridge && entry)
        return {
          label: t('problems.fix-bridge', { node: local(entry.title) }),
          run: () => desk.bridge(from, to, bridge, between(from.node, to.node), edge),
        }
      return { label: t('problems.fix-wire'), run: () => desk.unwire([edge]) }
    }
    const finding = (of: Finding): Fix => {
      switch (of.code) {
        case 'broken-edge':
        case 'kind-mismatch':
        case 'input-taken':
        case 'needs-stream':
          return ofWire(of)
        case 'input-missing': {
          const off = of.details?.disabled
          if (off !== undefined)
            return { label: t('problems.fix-turn-on'), run: () => desk.toggle(new Set([String(off)])) }
          const { node, port } = of
          if (!node || !port) return undefined
          return {
            label: t('problems.fix-connect'),
            run: () => {
              desk.view.jump(node)
              desk.view.set({ wiring: { node, port } })
            },
          }
        }
        case 'secret-missing':
          return { label: t('problems.fix-key'), run: () => go('/settings/secrets') }
        case 'empty':
          return { label: t('problems.fix-node'), run: () => desk.view.set({ palette: {} }) }
        case 'cycle':
          return undefined
        default:
          return of.node ? open(of.node) : undefined
      }
    }
    const run = (node: string, error: RunError): Fix => {
      switch (error.code) {
        case 'secret-missing':
        case 'provider-refused-key':
          return { label: t('problems.fix-key'), run: () => go('/settings/secrets') }
        case 'no-worker':
        case 'trainer-missing':
          return { label: t('problems.fix-workers'), run: () => go('/workers') }
        case 'job-failed':
        case 'job-lost':
        case 'job-cancelled':
          return {
            label: t('problems.fix-job'),
            run: () => go(typeof error.details?.['job'] === 'string' ? jobPath(error.details['job']) : '/jobs'),
          }
        default:
          return open(node)
      }
    }
    return { finding, run }
  }, [t, local, desk, go])
}
