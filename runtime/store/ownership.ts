import { hostname } from 'node:os'
import { uuidv7 } from 'uuidv7'
import type { Database, Query } from './database.ts'

/** In ms. A process is silent after `lease`; `beat` leaves room for three tries. */
export const ownershipTimes = { beat: 2_000, lease: 8_000 }

export type Process = { id: string; epoch: number }

const insertProcess = async (query: Query, process_: Process, url: string | undefined): Promise<void> => {
  await query(`insert into server_node (id, epoch, alive, url, host, pid) values ($1, $2, true, $3, $4, $5)`, [
    process_.id,
    process_.epoch,
    url ?? null,
    hostname(),
    process.pid,
  ])
  await query(`insert into server_beat (id) values ($1)`, [process_.id])
}

/** False when another process has declared this one dead. */
const beat = async (query: Query, id: string, idle: readonly string[]): Promise<boolean> => {
  const rows = await query(
    `update server_beat b set at = now(), idle = $2::text::uuid[]
     where b.id = $1::text::uuid and exists (select from server_node n where n.id = b.id and n.alive) returning 1 as ok`,
    [id, `{${idle.join(',')}}`],
  )
  return rows.length === 1
}

/**
 * Declares processes dead: those silent for a lease, or, where a lock proves that no other is alive, all others. Waits
 * for their flushes under way (which hold the row) and refuses all later ones.
 */
const markDead = async (query: Query, id: string, alone: boolean, lease: number): Promise<string[]> => {
  const rows = await query<{ id: string }>(
    `update server_node n set alive = false
     where n.alive and n.id <> $1::text::uuid
       and ($2::boolean or exists (select from server_beat b where b.id = n.id and b.at < now() - $3::float8 * interval '1 ms'))
     returning n.id`,
    [id, alone, lease],
  )
  return rows.map((row) => row.id)
}

/** Dead processes that own nothing any more are forgotten after a day; their urls help nobody then. */
const forgetDead = (query: Query) =>
  query(
    `with gone as (
       delete from server_node n where not alive and started_at < now() - interval '1 day'
         and not exists (select from run r where r.owner = n.id and r.ended_at is null) returning id)
     delete from server_beat b using gone where b.id = gone.id`,
  )

export type Ownership = {
  process: Process
  /**
   * Whether the lease certainly still holds, by this process's own clock, from the moment the last acknowledged
   * heartbeat was *sent*. Asked before every step.
   */
  holds: () => boolean
  /** Told once, when the lease is gone: another process may be executing the runs already. */
  onLost: (told: () => void) => void
  /** Stops the heartbeat and lets others have what is left. */
  release: () => Promise<void>
  /** One heartbeat and one look for silent processes, as the timer does; for tests that own the time. */
  tick: () => Promise<void>
}

export type OwnershipSettings = {
  database: Database
  /** Where other processes reach this one. */
  url?: string
  /** Runs in memory without a step in flight: a crash now would not be their doing. */
  idle?: () => readonly string[]
  /** Told when silent processes were declared dead: their runs can be claimed now. */
  onDead?: (processes: readonly string[]) => void
  /**
   * No other process can be alive, so all others are dead at once. Default: on an embedded database, whose folder's
   * lock proves it.
   */
  alone?: boolean
  now?: () => number
  times?: typeof ownershipTimes
  /** Off in tests that call `tick` themselves. */
  timer?: boolean
}

/** Registers this process as an owner of runs and keeps its lease. */
export const takeOwnership = async (settings: OwnershipSettings): Promise<Ownership> => {
  const { database, idle = () => [], now = () => performance.now(), times = ownershipTimes } = settings
  const self: Process = { id: uuidv7(), epoch: 1 }
  const alone = settings.alone ?? database.driver === 'pglite'
  let last = now()
  await database.transaction((query) => insertProcess(query, self, settings.url))
  let lost = false
  let released = false
  const listeners: (() => void)[] = []
  const lose = () => {
    if (lost || released) return
    lost = true
    for (const told of listeners) told()
  }
  const holds = () => !lost && !released && now() - last < times.lease
  const look = async () => {
    const dead = await markDead(database.query, self.id, alone, times.lease)
    if (dead.length > 0) settings.onDead?.(dead)
  }
  const tick = async () => {
    const sent = now()
    if (!(await beat(database.query, self.id, idle()))) return lose()
    last = sent
    await look()
  }
  await look()
  await forgetDead(database.query)
  let beating = false
  const timer =
    settings.timer === false
      ? undefined
      : setInterval(() => {
          if (!lost && now() - last >= times.lease) lose()
          if (beating || released || lost) return
          beating = true
          // A failed heartbeat is made up for by the next; the lease runs meanwhile.
          tick()
            .catch(() => undefined)
            .finally(() => {
              beating = false
            })
        }, times.beat)
  timer?.unref()
  return {
    process: self,
    holds,
    onLost: (told) => {
      listeners.push(told)
    },
    tick,
    release: async () => {
      released = true
      clearInterval(timer)
      await database.query(`update server_node set alive = false where id = $1`, [self.id])
    },
  }
}
