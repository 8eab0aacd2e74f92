import { accept } from './accept.ts'
import { dropRun, type Parts } from './active-run.ts'
import { cancel } from './cancel.ts'
import { claim } from './claim.ts'
import { systemClock } from './clock.ts'
import { conclude } from './conclude.ts'
import { type Core, createEndings } from './core.ts'
import type { Engine, EngineDependencies } from './engine.ts'
import { follow } from './follow.ts'
import { join, type Membership } from './membership.ts'
import { createMemo } from './memo.ts'
import { hearCancels, patrol, round } from './patrol.ts'
import { createPlanCache } from './plan-cache.ts'
import { createRunTable } from './run-table.ts'
import { single } from './single.ts'
import { stop } from './stop.ts'
import { handBackStrays } from './strays.ts'
import { waitFor } from './wait.ts'

/** Runs in memory at once, unless the caller says otherwise. */
const usualRuns = 500

/**
 * Opens the runtime of this process: it owns and executes the runs that it starts, takes over those of processes that died,
 * and takes on queued ones. One engine per database and process.
 * @example const engine = await createEngine({ database, registry, artifacts, secret, endpoint })
 */
export const createEngine = async (deps: EngineDependencies): Promise<Engine> => {
  const clock = deps.clock ?? systemClock
  const log = deps.log ?? (() => undefined)
  const memo = createMemo()
  const table = createRunTable(deps.runs ?? usualRuns)
  const over = new AbortController()

  const enter = async (): Promise<void> => {
    const membership = await join(deps, {
      idle: () => table.all().flatMap((run) => (run.busy === 0 ? [run.id] : [])),
      onDead: () => core.claimSoon(),
      onLost: () => void core.rejoin(),
      onRefused: (id, why) => {
        log(why === 'bad-data' ? 'error' : 'warn', 'The database refused rows of a run.', { run: id, why })
        const run = table.get(id)
        if (run) dropRun(run)
        // What is stored differs from what this process has: the run goes on from what is stored.
        if (why === 'conflict') {
          core.mayHaveStrays = true
          core.claimSoon()
        }
        if (why === 'fenced') void core.rejoin()
      },
    })
    core.membership = membership
    core.parts = partsOf(membership)
  }

  const partsOf = (membership: Membership): Parts => ({
    ...deps,
    journal: membership.journal,
    clock,
    random: Math.random,
    memo,
    log,
    lease: () => (!core.stopping && membership.ownership.holds() ? undefined : regained(membership)),
    stopped: (run) => conclude(core, run),
  })

  /** Steps that may not start now wait for the lease; those whose runs are dropped, because it is gone or this stops, for ever. */
  const regained = async (membership: Membership): Promise<void> => {
    do {
      await clock.sleep(100, over.signal).catch(() => undefined)
      if (over.signal.aborted || core.membership !== membership) return new Promise(() => {})
    } while (!membership.ownership.holds())
  }

  /** Others may own the runs by now: they are dropped, and this process begins anew. */
  const rejoin = async (): Promise<void> => {
    log('warn', 'This process lost its lease. Its runs go on where they are claimed.')
    for (const run of table.all()) dropRun(run)
    const { ownership, journal } = core.membership
    void journal.close()
    while (!core.stopping) {
      try {
        // Whoever believed this process dead need not wait for its lease to pass.
        await ownership.release()
        await enter()
        return core.claimSoon()
      } catch (error) {
        log('error', 'The database does not take this process back yet.', { error })
        await clock.sleep(round, over.signal).catch(() => undefined)
      }
    }
  }

  const claimAll = async (): Promise<void> => {
    try {
      await handBackStrays(core)
      await claim(core)
    } catch (error) {
      // It may have been carried out all the same.
      core.mayHaveStrays = true
      log('warn', 'No runs could be claimed; trying again soon.', { error })
    }
  }
  const claiming = single(claimAll)

  // The membership comes with its first events, so the core is made in two steps.
  const core = {
    deps,
    clock,
    plans: createPlanCache(deps.registry),
    table,
    endings: createEndings(),
    claimSoon: () => {
      if (!core.stopping && core.membership) claiming.again()
    },
    rejoin: single(rejoin).once,
    stopping: false,
    mayHaveStrays: false,
    mayBeQueued: true,
  } as Core
  await enter()
  const deafen = await hearCancels(core)
  void patrol(core, over.signal)

  return {
    start: (request) => accept(core, request),
    wait: (id, ms, signal) => waitFor(core, id, ms, signal),
    events: (id, after, signal) => follow(core, id, after, signal),
    cancel: (workspace, id) => cancel(core, workspace, id),
    stop: async (ms = 10_000) => {
      core.stopping = true
      over.abort()
      await claiming.idle()
      await stop(core, ms)
      await deafen()
    },
  }
}
