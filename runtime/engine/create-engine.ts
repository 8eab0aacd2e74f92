import { setTimeout as wait } from 'node:timers/promises'
import { cancelRun, findLost, handBack } from '../store/claim-runs.ts'
import { accept } from './accept.ts'
import { dropRun, endRun, type Parts } from './active-run.ts'
import { claim } from './claim.ts'
import { systemClock } from './clock.ts'
import { conclude } from './conclude.ts'
import { type Core, createEndings } from './core.ts'
import type { Engine, EngineDependencies } from './engine.ts'
import { follow } from './follow.ts'
import { join, type Membership } from './membership.ts'
import { createMemo } from './memo.ts'
import { createPlanCache } from './plan-cache.ts'
import { createRunTable } from './run-table.ts'
import { waitFor } from './wait.ts'

/** Milliseconds between two looks into the database for runs to take and runs that were lost. */
const patrol = 2_000
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
  const over = new AbortController()
  const table = createRunTable(deps.runs ?? usualRuns)

  const enter = (): Promise<Membership> =>
    join(deps, {
      idle: () => table.all().flatMap((run) => (run.busy === 0 ? [run.id] : [])),
      onDead: () => core?.claimSoon(),
      onLost: () => void core.rejoin(),
      onRefused: (id, why) => {
        log(why === 'bad-data' ? 'error' : 'warn', 'The database refused rows of a run.', { run: id, why })
        const run = table.get(id)
        if (run) dropRun(run)
        if (why === 'fenced') void core.rejoin()
      },
    })
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
  /** Steps that may not start now wait for the lease; those of a lost or stopping process wait for ever. */
  const regained = async (membership: Membership): Promise<void> => {
    do await clock.sleep(100, over.signal)
    while (core.stopping || !membership.ownership.holds())
  }
  /** Others may own the runs by now: they are dropped, and this process begins anew. */
  const enterAgain = async (): Promise<void> => {
    log('warn', 'This process lost its lease. Its runs go on where they are claimed.')
    for (const run of table.all()) dropRun(run)
    while (!core.stopping) {
      try {
        core.membership = await enter()
        core.parts = partsOf(core.membership)
        return claimSoon()
      } catch (error) {
        log('error', 'The database does not take this process back yet.', { error })
        await clock.sleep(patrol, over.signal).catch(() => undefined)
      }
    }
  }

  let entering: Promise<void> | undefined
  const rejoin = (): Promise<void> => {
    entering ??= enterAgain().finally(() => {
      entering = undefined
    })
    return entering
  }

  let claiming: Promise<void> | undefined
  let claimAgain = false
  const claimSoon = () => {
    if (core.stopping || !core.membership) return
    claimAgain = true
    claiming ??= (async () => {
      try {
        while (claimAgain) {
          claimAgain = false
          await claim(core)
        }
      } catch (error) {
        log('warn', 'No runs could be claimed; trying again soon.', { error })
      } finally {
        claiming = undefined
      }
    })()
  }

  // The membership comes with its first events, so the core is made in two steps.
  const core = {
    deps,
    clock,
    plans: createPlanCache(deps.registry),
    table,
    endings: createEndings(),
    claimSoon,
    rejoin,
    stopping: false,
    mayBeQueued: true,
  } as Core
  core.membership = await enter()
  core.parts = partsOf(core.membership)

  const deafen = await deps.database.listen('patchbay_cancel', (id) => {
    const run = table.get(id)
    if (run && !run.end) dropRun(run)
  })
  const walk = async (): Promise<void> => {
    while (!core.stopping) {
      try {
        claimSoon()
        await clock.sleep(patrol, over.signal)
        const active = table.all().flatMap((run) => (run.stopped ? [] : [run.id]))
        const { process } = core.membership.ownership
        for (const id of await findLost(deps.database, process, active)) {
          const run = table.get(id)
          if (run && !run.stopped) dropRun(run)
        }
      } catch (error) {
        if (!core.stopping) log('warn', 'The database could not be asked for lost runs.', { error })
      }
    }
  }
  void walk()

  return {
    start: (request) => accept(core, request),
    wait: (id, ms, signal) => waitFor(core, id, ms, signal),
    events: (id, after, signal) => follow(core, id, after, signal),
    cancel: async (workspace, id) => {
      const run = table.get(id)
      if (!run || (run.stopped && !run.end)) return cancelRun(deps.database, workspace, id)
      if (run.end || run.request.workspace !== workspace) return false
      endRun(run, 'cancelled')
      try {
        await run.parts.journal.durable(id)
        return true
      } catch {
        // Another process owns the run by now.
        return cancelRun(deps.database, workspace, id)
      }
    },
    stop: async (ms = 10_000) => {
      core.stopping = true
      const until = performance.now() + ms
      while (table.all().some((run) => run.busy > 0) && performance.now() < until) await wait(10)
      await claiming
      const left = table.all().flatMap((run) => (run.stopped ? [] : [run.id]))
      for (const run of table.all()) dropRun(run)
      over.abort()
      await deafen()
      await core.membership.journal.close()
      await handBack(deps.database, core.membership.ownership.process, left)
      await core.membership.ownership.release()
    },
  }
}
