import { describe, expect, it } from 'vitest'
import type { NodeRun } from '../run-dock/live-run.ts'
import { nodeState } from './node-state.ts'

const node = {}
const done: NodeRun = { status: 'succeeded', ended: true }

describe('the state of a node', () => {
  it('is skipped where a run broke off before it, and idle where it was added after that', () => {
    const behind = { node, findings: [], run: undefined }
    expect(nodeState({ ...behind, runStatus: 'failed' })).toBe('skipped')
    expect(nodeState({ ...behind, runStatus: 'cancelled' })).toBe('skipped')
    expect(nodeState({ ...behind, runStatus: 'failed', outdated: true })).toBe('idle')
    expect(nodeState({ ...behind, runStatus: undefined })).toBe('idle')
    expect(nodeState({ ...behind, runStatus: 'running' })).toBe('queued')
  })

  it('is no longer what a run said once it was changed, while no run goes on', () => {
    const failed: NodeRun = { status: 'failed', ended: true, error: { code: 'x', message: 'X.' } }
    expect(nodeState({ node, findings: [], run: failed, runStatus: 'failed' })).toBe('failed')
    expect(nodeState({ node, findings: [], run: failed, runStatus: 'failed', outdated: true })).toBe('idle')
    expect(nodeState({ node, findings: [], run: done, runStatus: 'succeeded', outdated: true })).toBe('idle')
    expect(nodeState({ node, findings: [], run: done, runStatus: 'running', outdated: true })).toBe('succeeded')
  })
})
